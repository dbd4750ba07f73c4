/** What waits in a profile's outbox, as it can be handed to somebody else: only sealed bytes. */
import type { Load } from "../model/handed";
import type { Database } from "./opening";

/** The unsent operations and media, of one report or of all. Photos whose operation is already there are handed over too. */
export async function waitingLoad(db: Database, reportId: string | null): Promise<Load> {
  const transaction = db.transaction(["operations", "media"]);
  const [operations, media] = await Promise.all([
    transaction.objectStore("operations").index("seq").getAll(),
    transaction.objectStore("media").getAll(),
  ]);
  const wanted = ({ entityId }: { entityId: string }) => reportId === null || entityId === reportId;
  const unsent = operations.filter(({ state }) => state === "pending" || state === "attempting");
  return {
    envelopes: unsent.filter(wanted).map(({ envelope }) => envelope),
    media: media.filter(wanted).flatMap(({ id, sha256, mime, bytes, state }) => {
      return bytes && state === "pending" ? [{ id, sha256, mime, bytes }] : [];
    }),
  };
}
