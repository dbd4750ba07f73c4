/** A mediator's phone with a lock, with something of everything that only a mediator's has, as a released app leaves it. */
import shown from "../../../../tests/vectors/shown.json";
import { askToOpen, consentTo, makeKey, refuseTo } from "../../../src/actions/opening";
import { refresh } from "../../../src/actions/session";
import type { CaseData, FollowUpBody, Grant, Opening } from "../../../src/model";
import { base64url } from "../../../src/model/bytes";
import { newGroupKey } from "../../../src/model/opening";
import { keyId, torn } from "../../../src/model/protected";
import { uuid7 } from "../../../src/model/uuid7";
import { putPart } from "../../../src/store/drafts";
import { keepFact } from "../../../src/store/facts";
import { followUpOf, keepGrant } from "../../../src/store/granting";
import { setLock, unlock } from "../../../src/store/locking";
import { addProfile } from "../../../src/store/opening";
import { keep, type Saying } from "../../../src/store/saving";
import { storageOf } from "../../../src/store/syncing";
import { NOTHING } from "../opened";
import { type Dump, dump } from "./dump.js";
import { NOW, onThatDay, SOUND, speaking, VOICE } from "./people";

export const CASE = "019ab2c0-0000-7000-8000-00000000000c";
const REPORT = "019ab2c0-0000-7000-8000-00000000000d";

export const CODE = "2580";
export const SHOWN = shown.case as unknown as CaseData;
/** Of the group that the case was copied to. */
const offices = shown.report.copies.filter(({ code }) => code === "mediation");
export const GRANT: Grant = {
  name: "Mediator",
  by: "5a3c7d50-1111-4222-8333-444455556666",
  offices,
  until_ms: NOW + 30 * 86_400_000,
  epoch: "e1",
};
export const TEXTS = ["Экөө тең келишти.", "Дагы барам."];
export const BEGUN = "Башталган сөз.";

/** Its registry and its profile's database: the first follow-up is there, the second one waits, a third was begun. */
export function lockedMediator(): Promise<Dump[]> {
  return onThatDay(async () => {
    const { db, vault, tokens } = await speaking(await addProfile(NOW));
    await keepFact(db, "consent", 1);
    await keepFact(db, "rayon", "41705");
    await keepFact(db, "language", "tg");
    await keepFact(db, "photosOnWifi", true);
    await keepFact(db, "sealedTo", "two points");
    await keepGrant(db, vault, GRANT);
    const storage = storageOf(db, vault);
    const change = { entity: "case", id: CASE, version: 3, data: SHOWN };
    await storage.settle({ ...NOTHING, cursor: "c7", serverMs: NOW, epoch: "e1", now: NOW, changes: [change] });
    await refresh();
    const say = (saying: Omit<Saying, "now" | "tokens">) => keep(db, vault, { ...saying, now: NOW, tokens });
    await say(followUpOf(uuid7(NOW), body(TEXTS[0]), GRANT, NOW));
    const sent = await storage.due(NOW);
    await storage.attempting(sent.map(({ opId }) => opId));
    const results = sent.map(({ digest }) => ({ digest, status: "applied", code: null }));
    await storage.settle({ ...NOTHING, sentCursor: "c7", cursor: "c7", serverMs: NOW, now: NOW, results } as never);
    await setLock(db, vault, { kind: "pin", code: CODE }, NOW, async () => 1_000);
    await say(followUpOf(uuid7(NOW + 1), body(TEXTS[1]), GRANT, NOW));
    await openTogether();
    const words = new TextEncoder().encode(BEGUN);
    await putPart(db, vault, { draft: `${CASE}/${GRANT.by}`, id: CASE, n: 0, mime: "text/plain", bytes: words });
    const voice = { draft: CASE, id: uuid7(NOW), mime: SOUND, bytes: VOICE };
    for (const n of [0, 1]) await putPart(db, vault, { ...voice, n });
    await storage.keepQuiet(NOW + 60_000);
    if ((await unlock(db, "0000", NOW)) !== "wrong") throw new Error("It opens with any code.");
    db.close();
    return [await dump("aryk"), await dump(db.name)];
  });
}

/** Whatever a mediator can say of who made a signal: makes one of the keys, asks, and answers two who ask. */
async function openTogether(): Promise<void> {
  const [drawn, other] = [await newGroupKey(), await newGroupKey()];
  await makeKey(offices[0]?.code ?? "", 1, { ...drawn, paper: "" });
  const points = [drawn, other].map(({ point }) => base64url(point));
  const { first } = await torn({ name: "А", address: "", contact: "Б" }, points, REPORT);
  const asked = { by: "", reason: "", asked_ms: NOW, mine: false, consented: null, until_ms: NOW, opened_ms: null };
  const opening = (): Opening => ({ ...asked, id: uuid7(), half: first.sealed, to: points[1] ?? "" });
  await askToOpen(REPORT, "Коркунуч бар.");
  await consentTo(opening(), REPORT, await keyId(drawn.point));
  await refuseTo(opening(), REPORT);
}

function body(text = ""): FollowUpBody {
  return { case: CASE, kind: "visit", happened_on: "2026-11-23", text, language: "ky" };
}
