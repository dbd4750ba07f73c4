/** Taking off the phone what was answered. The sealed envelopes stay: they say nothing, and a server that was restored may need them. */
import { dropping } from "./drafts";
import type { Database } from "./opening";

/** The readable copies of these reports and everything the server said of them; none of which anything is unsent. Resolves to which. */
export async function wipe(db: Database, reportIds: string[]): Promise<string[]> {
  const transaction = db.transaction(
    ["operations", "reports", "changes", "media", "mediaBytes", "drafts", "draftParts"],
    "readwrite",
    {
      durability: "strict",
    },
  );
  const [operations, media] = [transaction.objectStore("operations"), transaction.objectStore("media")];
  const [said, shown] = [await operations.getAll(), await media.getAll()];
  const unsent = new Set(
    [...said.filter(({ state }) => state !== "done"), ...shown.filter(({ state }) => state === "pending")].map(
      ({ entityId }) => entityId,
    ),
  );
  const gone = new Set(reportIds.filter((id) => !unsent.has(id)));
  for (const one of said) if (gone.has(one.entityId)) await operations.put({ ...one, opened: null });
  for (const { id, entityId } of shown) {
    if (!gone.has(entityId)) continue;
    await media.delete(id);
    await transaction.objectStore("mediaBytes").delete(id);
  }
  for (const id of gone) {
    await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), id);
    await transaction.objectStore("reports").delete(id);
    await transaction.objectStore("changes").delete(["report", id]);
  }
  await transaction.done;
  return [...gone];
}
