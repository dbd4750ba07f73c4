/** What a resident said, each as far on its way as it can be, led there as the sync leads it. */
import type { Outgoing, Status } from "../../../src/model";
import { uuid7 } from "../../../src/model/uuid7";
import { letGo, markTexted } from "../../../src/store/handing";
import { keepHeard } from "../../../src/store/hearing";
import { storageOf } from "../../../src/store/syncing";
import { wipe } from "../../../src/store/wiping";
import type { Settlement, Storage } from "../../../src/sync/ports";
import { NOTHING } from "../opened";
import { OFFICE, seen } from "../seen";
import { NOW, type Person, SOUND, VOICE } from "./people";
import type { Said } from "./said";

const DAY = 24 * 3_600_000;
const retryAt = (attempts: number) => NOW + attempts * 2_000;

/** What the server says of which operation. What stands in none of it never left. */
const TOLD: [name: keyof Said, type: string, status: Status, code: string | null][] = [
  ["danger", "report.create", "applied", null],
  ["danger", "report.consent", "duplicate", null],
  ["danger", "report.confirm", "applied", null],
  ["danger", "report.reply", "applied", null],
  ["danger", "report.dispute", "waiting", null],
  ["danger", "report.notify", "try_again", null],
  ["about", "report.create", "accepted", null],
  ["unlisted", "report.create", "rejected", "unknown_village"],
  ["appeal", "report.create", "rejected", "unknown_key"],
  ["protected", "report.create", "conflict", null],
  ["placed", "report.create", "try_again", null],
  ["both", "report.create", "applied", null],
  ["over", "report.create", "applied", null],
];

export async function comeFar({ db, vault }: Person, said: Said): Promise<void> {
  const storage = storageOf(db, vault);
  const of = async (name: keyof Said, type: string) => {
    const all = await db.getAllFromIndex("operations", "seq");
    return all.filter((one) => one.entityId === said[name] && one.type === type);
  };
  const first = async (name: keyof Said, type = "report.create") => (await of(name, type)).slice(0, 1);
  const media = async (name: keyof Said, role: string) => {
    const [created] = await first(name);
    const own = (await db.getAll("media")).filter((one) => one.opId === created?.opId && one.role === role);
    return own.map(({ id }) => id);
  };
  await settle(storage, { epoch: "e1", serverMs: NOW - 2 * DAY });
  for (const [name, type, status, code] of TOLD) await told(storage, await first(name, type), status, code);
  for (const _ of [1, 2]) await unsent(storage, await first("spoken"));
  await storage.attempting((await of("turned", "report.create")).map(({ opId }) => opId));
  await letGo(db, said.texted);
  await markTexted(db, vault, said.texted);
  for (const id of await media("danger", "voice")) await storage.received(id);
  await settle(storage, { serverMs: NOW - 2 * DAY });
  for (const id of await media("danger", "photo")) await storage.received(id);
  for (const id of await media("about", "photo")) await storage.refused(id);
  for (const id of await media("protected", "photo")) await storage.postponed(id, retryAt);
  for (const id of await media("spoken", "voice")) await storage.announced(id);
  const [unusable] = await media("both", "photo");
  const heard = uuid7();
  const answer = { id: uuid7(), text: "Ачылды.", language: "ky", at_ms: NOW, office: OFFICE };
  const voice = { id: heard, role: "voice", state: "ready" } as const;
  const shown = [
    { id: said.danger, data: seen({ state: "answered", answers: [{ ...answer, media: [voice] }], opened_ms: [NOW] }) },
    {
      id: said.both,
      data: seen({ state: "with_office", media: [{ id: unusable ?? "", role: "photo", state: "unusable" }] }),
    },
  ];
  await settle(storage, { changes: shown.map((one) => ({ entity: "report", version: 1, ...one })) });
  await keepHeard(db, vault, { id: heard, reportId: said.danger, blob: new Blob([VOICE], { type: SOUND }) });
  if ((await wipe(db, [said.over])).length !== 1) throw new Error("It was not over.");
  await storage.keepQuiet(NOW + 60_000);
}

async function settle(storage: Storage, of: Partial<Settlement>): Promise<void> {
  const cursor = await storage.cursor();
  await storage.settle({ ...NOTHING, serverMs: NOW, now: NOW, retryAt, sentCursor: cursor, cursor: "c1", ...of });
}

async function told(storage: Storage, sent: Outgoing[], status: Status, code: string | null): Promise<void> {
  await storage.attempting(sent.map(({ opId }) => opId));
  const detail = "What the server says of it.";
  await settle(storage, { results: sent.map(({ digest }) => ({ digest, status, code, detail })) });
}

/** No answer came; it is tried once more. */
async function unsent(storage: Storage, sent: Outgoing[]): Promise<void> {
  const ids = sent.map(({ opId }) => opId);
  await storage.attempting(ids);
  await storage.unsent(ids, retryAt);
}
