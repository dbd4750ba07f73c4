/** A mediator's phone with a lock, with something of everything that only a mediator's has, as a released app leaves it. */
import { readFileSync } from "node:fs";
import sealed from "../../../../tests/vectors/sealed.json";
import shown from "../../../../tests/vectors/shown.json";
import type { CaseData, FollowUpBody, Grant, OfMediator } from "../../../src/model";
import { base64url } from "../../../src/model/bytes";
import { uuid7 } from "../../../src/model/uuid7";
import { putPart } from "../../../src/store/drafts";
import { keepFact } from "../../../src/store/facts";
import { followUpOf, keepGrant, signed } from "../../../src/store/granting";
import { openedOf } from "../../../src/store/keys";
import { setLock, unlock } from "../../../src/store/locking";
import { addProfile, openProfile } from "../../../src/store/opening";
import { keep, type Saying } from "../../../src/store/saving";
import { storageOf } from "../../../src/store/syncing";
import { NOTHING } from "../opened";
import { type Dump, dump } from "./dump.js";

const NOW = Date.UTC(2026, 10, 23, 6);
const CASE = "019ab2c0-0000-7000-8000-00000000000c";
const VOICE = new Uint8Array(readFileSync(new URL("photo.jpg", import.meta.url)));

export const CODE = "2580";
export const GRANT: Grant = {
  name: "Mediator",
  by: "5a3c7d50-1111-4222-8333-444455556666",
  offices: [shown.report.office],
  until_ms: NOW + 30 * 86_400_000,
  epoch: "e1",
};
export const TEXTS = ["Экөө тең келишти.", "Дагы барам."];
export const BEGUN = "Башталган сөз.";

/** Its registry and its profile's database: the first follow-up is there, the second one waits, a third was begun. */
export async function lockedMediator(): Promise<Dump[]> {
  const profile = await addProfile(NOW);
  const db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  const { vault, tokens } = opened;
  const sync_key = { id: sealed.key_id, public: sealed.public };
  await keepFact(db, "reference", { ...lists, sync_key });
  await keepFact(db, "referenceMs", NOW);
  await keepFact(db, "begun", true);
  await keepFact(db, "consent", 1);
  await keepFact(db, "rayon", "41705");
  await keepFact(db, "language", "tg");
  await keepFact(db, "photosOnWifi", true);
  await keepFact(db, "sealedTo", "two points");
  const key = { id: "00c0ffee", place: 1, point: new Uint8Array(65), private: await vault.sealBytes(VOICE) };
  await keepFact(db, "groupKeys", [key]);
  await keepGrant(db, vault, GRANT);
  const storage = storageOf(db, vault);
  const change = { entity: "case", id: CASE, version: 3, data: shown.case as unknown as CaseData };
  await storage.settle({ ...NOTHING, cursor: "c7", serverMs: NOW, epoch: "e1", now: NOW, changes: [change] });
  const say = (saying: Omit<Saying, "now" | "tokens">) => keep(db, vault, { ...saying, now: NOW, tokens });
  await say(followUpOf(uuid7(NOW), body(TEXTS[0]), GRANT, NOW));
  const results = (await storage.due(NOW)).map(({ digest }) => ({ digest, status: "applied", code: null }));
  await storage.settle({ ...NOTHING, sentCursor: "c7", cursor: "c7", serverMs: NOW, now: NOW, results } as never);
  await setLock(db, vault, { kind: "pin", code: CODE }, NOW, async () => 1_000);
  await say(followUpOf(uuid7(NOW + 1), body(TEXTS[1]), GRANT, NOW));
  const [office] = GRANT.offices;
  const made = { office: office?.code ?? "", place: 1, public: sealed.public };
  await say({ said: signed({ type: "group.key", body: made }, GRANT), entityId: uuid7(NOW + 1) });
  const [report, opening] = [uuid7(NOW + 2), uuid7(NOW + 3)];
  for (const said of openingOf(report)) await say({ said: signed(said, GRANT), entityId: opening });
  const words = new TextEncoder().encode(BEGUN);
  await putPart(db, vault, { draft: `${CASE}/${GRANT.by}`, id: CASE, n: 0, mime: "text/plain", bytes: words });
  const voice = { draft: CASE, id: uuid7(NOW), mime: "audio/webm", bytes: VOICE };
  for (const n of [0, 1]) await putPart(db, vault, { ...voice, n });
  await storage.keepQuiet(NOW + 60_000);
  if ((await unlock(db, "0000", NOW)) !== "wrong") throw new Error("It opens with any code.");
  db.close();
  return [await dump("aryk"), await dump(db.name)];
}

/** Whatever a mediator can say of who made a signal. */
function openingOf(report: string): OfMediator[] {
  return [
    { type: "identity.request", body: { report, reason: "Коркунуч бар." } },
    { type: "identity.consent", body: { report, passed: base64url(new Uint8Array(593)) } },
    { type: "identity.refuse", body: { report } },
  ];
}

function body(text = ""): FollowUpBody {
  return { case: CASE, kind: "visit", happened_on: "2026-11-23", text, language: "ky" };
}

const named = { rayons: [], aimaks: [], villages: [], offices: [], categories: [] };
const lists = { version: "1", rayon: null, sms_number: null, group_keys: null, languages: [], notices: [], ...named };
