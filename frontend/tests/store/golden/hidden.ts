/** A resident's phone with a lock of pictures: what was said before it, what was said under it, and what is being written. */
import { saveReport } from "../../../src/actions/reporting";
import { putDraft, putPart } from "../../../src/store/drafts";
import { setLock, unlock } from "../../../src/store/locking";
import { ownProfile } from "../../../src/store/opening";
import { storageOf } from "../../../src/store/syncing";
import { NOTHING } from "../opened";
import { seen } from "../seen";
import { type Dump, dump } from "./dump.js";
import { draftOf, NOW, onThatDay, PHOTO, photo, speaking, voice } from "./people";

/** The places of four pictures, as they are touched. */
export const PICTURES = "0718";
export const HIDDEN = ["Кулпудан кийин.", "Кулпуга чейин."];
export const UNFINISHED = "Бүтө элек.";

/** The registry and the profile's database. */
export function hiddenResident(): Promise<Dump[]> {
  return onThatDay(async () => {
    const { db, vault } = await speaking(await ownProfile(NOW));
    const [after, before] = HIDDEN.map((text) => draftOf({ text }));
    if (!after || !before) throw new Error("Nothing is said.");
    await saveReport(before, [photo(), voice()]);
    const storage = storageOf(db, vault);
    const sent = await storage.due(NOW);
    await storage.attempting(sent.map(({ opId }) => opId));
    const results = sent.map(({ digest }) => ({ digest, status: "applied", code: null, detail: null }) as const);
    const change = { entity: "report", id: before.id, version: 1, data: seen({ state: "with_office" }) };
    const heard = { ...NOTHING, cursor: "c1", serverMs: NOW, epoch: "e1", now: NOW };
    await storage.settle({ ...heard, results, changes: [change] });
    await setLock(db, vault, { kind: "pictures", code: PICTURES }, NOW, async () => 1_000);
    await saveReport({ ...after, editedAt: NOW + 1 }, [photo()]);
    const begun = draftOf({ text: UNFINISHED });
    await putDraft(db, vault, begun);
    await putPart(db, vault, { draft: begun.id, id: begun.id, n: 0, mime: "image/jpeg", bytes: PHOTO });
    for (const at of [1, 2]) await unlock(db, "1111", NOW + at);
    db.close();
    return [await dump("aryk"), await dump(db.name)];
  });
}
