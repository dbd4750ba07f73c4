/** A phone with something of everything in its databases, as a released app leaves it on a resident's phone. */
import { readFileSync } from "node:fs";
import vector from "../../../../tests/vectors/sealed.json";
import type { OwnReport, ReportBody, Said, WireMedium } from "../../../src/model";
import { sha256 } from "../../../src/model/bytes";
import { sealMedium } from "../../../src/model/media";
import { receiptOf } from "../../../src/model/receipts";
import { uuid7 } from "../../../src/model/uuid7";
import { putDraft, putPart } from "../../../src/store/drafts";
import { keepFact } from "../../../src/store/facts";
import { openedOf } from "../../../src/store/keys";
import { openProfile, ownProfile } from "../../../src/store/opening";
import { keep, type Saying } from "../../../src/store/saving";
import { storageOf } from "../../../src/store/syncing";
import type { Storage } from "../../../src/sync/ports";
import { seen } from "../seen";
import { type Dump, dump } from "./dump.js";

const NOW = Date.UTC(2026, 10, 23, 6);
const VILLAGE = "41705214848010";
const PHOTO = new Uint8Array(readFileSync(new URL("photo.jpg", import.meta.url)));

/** Its registry and its profile's database. */
export async function fullPhone(): Promise<Dump[]> {
  const profile = await ownProfile(NOW);
  const db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  const { vault, tokens } = opened;
  const sync_key = { id: vector.key_id, public: vector.public };
  await keepFact(db, "begun", true);
  await keepFact(db, "language", "ky");
  await keepFact(db, "reference", { ...lists, sync_key });
  const storage = storageOf(db, vault);
  const say = async (saying: Omit<Saying, "now" | "tokens">) => keep(db, vault, { ...saying, now: NOW, tokens });
  const taken = await report(say, "Алынды.", 1);
  await answered(storage, taken);
  await report(say, "Четке кагылды.", 2);
  await told(storage, "rejected", "unknown_village");
  await report(say, "Күтүп турат.", 3, [await photo("photo"), await photo("preview")]);
  await say({ said: { type: "report.dispute", body: { reason: "Суу дагы эле жок." } }, entityId: taken });
  for (const said of LATER) await say({ said, entityId: taken });
  const withdrawn = await report(say, "Алып салынды.", 4);
  await say({ said: { type: "report.withdraw", body: {} }, entityId: withdrawn });
  const own = { saidOn: "2026-11-23", accuses: null, identity: NOBODY, protect: false };
  const begun = { ...draft, ...own, id: uuid7(NOW), editedAt: NOW, text: "Жазылып жатат." };
  await putDraft(db, vault, begun);
  await putPart(db, vault, { draft: begun.id, id: uuid7(NOW), n: 0, mime: "image/jpeg", bytes: PHOTO });
  db.close();
  return [await dump("aryk"), await dump(`aryk-${profile.id}`)];
}

/** Whatever else a reporter can say once a report is there. */
const LATER: Said[] = [
  { type: "report.confirm", body: {} },
  { type: "report.reply", body: { text: "Үчүнчү үй.", language: "ky" } },
  { type: "report.audience", body: { audience: "border" } },
  { type: "report.consent", body: { consent: 1 } },
  { type: "report.appeal", body: { identity: { name: "А", address: "Б", contact: "В" } } },
  { type: "report.notify", body: { notify: null } },
];

type Say = (saying: Omit<Saying, "now" | "tokens">) => Promise<void>;
type Sealed = { wire: WireMedium; bytes: ArrayBuffer };

const named = { rayons: [], aimaks: [], villages: [], offices: [], categories: [] };
const none = { rayon: null, sms_number: null, group_keys: null, languages: [], notices: [] };
const lists = { version: "1", ...none, ...named };

const draft = {
  category: "water-gate",
  village: VILLAGE,
  text: "",
  happened: { when: "today", date: null },
  answers: {},
  track: "signal",
  audience: "office",
  about_office: null,
  danger: false,
  position: null,
} as const;

/** The server's own sentences name what was said. */
export const DETAIL = `There is no village “${VILLAGE}” in the list.`;

const NOBODY = { name: "", address: "", contact: "" };

async function report(say: Say, text: string, number: number, media: Sealed[] = []): Promise<string> {
  const id = uuid7(NOW + number);
  const receipt = receiptOf(number);
  const body: ReportBody = { ...draft, text, language: "ky", receipt, identity: null, consent: 1 };
  const { category, village, audience, track, danger } = draft;
  const shown = { receipt, category, village, text, audience, track, danger };
  const own: OwnReport = {
    id,
    ...shown,
    savedAt: NOW + number,
    editedAt: NOW + number,
    verdict: null,
    withdrawn: false,
  };
  await say({ said: { type: "report.create", body }, entityId: id, media, report: own });
  return id;
}

async function photo(role: "photo" | "preview"): Promise<Sealed> {
  const { id, key, bytes } = await sealMedium(PHOTO.buffer);
  const wire = { id, key, sha256: await sha256(bytes), bytes: bytes.length, mime: "image/jpeg", role } as const;
  return { wire, bytes: bytes.buffer };
}

/** The last one that was said comes back with this. */
async function told(storage: Storage, status: "applied" | "rejected", code: string | null) {
  const sent = await storage.due(NOW);
  await storage.attempting(sent.map(({ opId }) => opId));
  const results = sent.map(({ digest }) => ({ digest, status, code, detail: DETAIL }));
  const nothing = {
    more: false,
    sentCursor: null,
    cursor: null,
    serverMs: NOW,
    epoch: "",
    now: NOW,
    changes: [],
    retryAt: () => 0,
  };
  await storage.settle({ ...nothing, results });
}

async function answered(storage: Storage, id: string): Promise<void> {
  await told(storage, "applied", null);
  const reply = {
    more: false,
    sentCursor: null,
    cursor: "c1",
    serverMs: NOW,
    epoch: "",
    now: NOW,
    results: [],
    retryAt: () => 0,
  };
  await storage.settle({
    ...reply,
    changes: [{ entity: "report", id, version: 1, data: seen({ state: "answered", receipt: receiptOf(1) }) }],
  });
}
