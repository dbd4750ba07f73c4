/** Taking off the phone what nobody else has, or what the server would not take in; and trying again at once. */
import { deletable, isRefused } from "../model/cards";
import { dropping } from "./drafts";
import type { Database } from "./opening";

/**
 * Whether it is gone, now or before. False, and nothing is gone, when it may have left: what is marked as leaving has, and what is not
 * there to be marked does not leave. Of a report that is there, only what was said after it and refused goes.
 */
export async function drop(db: Database, reportId: string): Promise<boolean> {
  const transaction = db.transaction(
    ["operations", "reports", "changes", "media", "mediaBytes", "drafts", "draftParts", "facts"],
    "readwrite",
    { durability: "strict" },
  );
  const [operations, media] = [transaction.objectStore("operations"), transaction.objectStore("media")];
  const said = (await operations.getAll()).filter(({ entityId }) => entityId === reportId);
  const shown = (await media.getAll()).filter(({ entityId }) => entityId === reportId);
  const why = deletable(said, shown);
  const left = !(await transaction.objectStore("facts").get("marked"));
  if (why === null || (left && why === "never")) return !said.some(({ type }) => type === "report.create");
  const whole = why === "never" || said.some((one) => isRefused(one) && WHOLE.has(one.type));
  const gone = said.filter((one) => whole || isRefused(one)).map(({ opId }) => opId);
  for (const id of gone) await operations.delete(id);
  for (const { id, opId } of shown) {
    if (!gone.includes(opId)) continue;
    await media.delete(id);
    await transaction.objectStore("mediaBytes").delete(id);
  }
  if (whole) {
    await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), reportId);
    await transaction.objectStore("reports").delete(reportId);
    await transaction.objectStore("changes").delete(["report", reportId]);
  }
  await transaction.done;
  return true;
}

/** A report that is not there, or whose words are gone here. */
const WHOLE = new Set<string>(["report.create", "report.withdraw"]);

/** What waits of a report waits no longer for its next try, whenever the server wanted to be asked again: a person may. */
export async function hurry(db: Database, reportId: string): Promise<void> {
  const transaction = db.transaction(["operations", "media", "facts"], "readwrite");
  await transaction.objectStore("facts").delete("quietUntil");
  for (const name of ["operations", "media"] as const) {
    const store = transaction.objectStore(name);
    for (const one of await store.getAll()) {
      if (one.entityId === reportId && one.notBefore > 0) await store.put({ ...one, notBefore: 0 } as never);
    }
  }
  await transaction.done;
}
