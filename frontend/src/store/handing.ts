/** What waits in a profile's outbox, as it can be handed to somebody else: only sealed bytes. */
import type { Operation, SyncKey } from "../model";
import type { Load } from "../model/handed";
import { fact } from "./facts";
import type { Database } from "./opening";

/** The unsent operations and media, of one report or of all. Photos whose operation is already there are handed over too. */
export async function waitingLoad(db: Database, reportId: string | null): Promise<Load> {
  const transaction = db.transaction(["operations", "media", "mediaBytes"]);
  const [operations, media] = await Promise.all([
    transaction.objectStore("operations").index("seq").getAll(),
    transaction.objectStore("media").getAll(),
  ]);
  const wanted = ({ entityId }: { entityId: string }) => reportId === null || entityId === reportId;
  const unsent = operations.filter(({ state }) => state === "pending" || state === "attempting");
  const load: Load = { envelopes: unsent.filter(wanted).map(({ envelope }) => envelope), media: [] };
  for (const { id, sha256, mime } of media.filter(wanted).filter(({ state }) => state === "pending")) {
    const bytes = await transaction.objectStore("mediaBytes").get(id);
    if (bytes) load.media.push({ id, sha256, mime, bytes });
  }
  return load;
}

/** What an SMS of a report is made of; null where the server takes none, or the report is there already. */
export interface Textable {
  number: string;
  key: SyncKey;
  operation: Operation;
  write: string;
}

export async function textable(db: Database, reportId: string): Promise<Textable | null> {
  const { sms_number: number, sync_key: key } = (await fact(db, "reference")) ?? {};
  const operations = await db.getAllFromIndex("operations", "seq");
  const created = operations.find(({ type, entityId }) => type === "report.create" && entityId === reportId);
  if (!number || !key || !created?.opened || created.state === "attention") return null;
  const { auth, operation } = JSON.parse(created.opened) as { auth: { write: string }; operation: Operation };
  return { number, key, operation, write: auth.write };
}

export async function markTexted(db: Database, reportId: string): Promise<void> {
  const transaction = db.transaction("reports", "readwrite", { durability: "strict" });
  const kept = await transaction.store.get(reportId);
  if (kept) await transaction.store.put({ ...kept, bySms: true });
  await transaction.done;
}

/** What makes the link of an SMS that may have gone; null where none was opened, or the server answered for it. */
export async function textedOf(db: Database, reportId: string): Promise<{ write: string; opId: string } | null> {
  const report = await db.get("reports", reportId);
  const made = report?.bySms ? await textable(db, reportId) : null;
  return made && { write: made.write, opId: made.operation.op_id };
}
