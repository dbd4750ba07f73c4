/** What waits in a profile's outbox, as it can be handed to somebody else: only sealed bytes. */
import type { Outgoing, OwnReport, SyncKey } from "../model";
import { hex } from "../model/bytes";
import { isUnsent } from "../model/cards";
import type { Load } from "../model/handed";
import type { Tokens } from "../model/secrets";
import { linkOf, narrowed, type Placed, type Reported } from "../model/sms";
import { same, type Vault } from "../model/vault";
import { behindChoices, byTurn } from "../sync/batches";
import { fact } from "./facts";
import { leaving } from "./leaving";
import type { Database } from "./opening";

/** The unsent operations and media, of one report or of all, in the order in which they would be sent. Photos whose operation is already there are handed over too. */
export async function waitingLoad(db: Database, reportId: string | null): Promise<Load> {
  const transaction = db.transaction(["operations", "media", "mediaBytes"]);
  const [operations, media] = await Promise.all([
    transaction.objectStore("operations").index("seq").getAll(),
    transaction.objectStore("media").getAll(),
  ]);
  const wanted = ({ entityId }: { entityId: string }) => reportId === null || entityId === reportId;
  const unsent = behindChoices(operations.filter(isUnsent).filter(wanted)).sort(byTurn);
  const load: Load = { envelopes: unsent.map(({ envelope }) => envelope), media: [] };
  for (const { id, sha256, mime } of media.filter(wanted).filter(({ state }) => state === "pending")) {
    const bytes = await transaction.objectStore("mediaBytes").get(id);
    if (bytes) load.media.push({ id, sha256, mime, bytes });
  }
  return load;
}

/** Of one report or of all: what waits may be with somebody else from now on. */
export async function letGo(db: Database, reportId: string | null): Promise<void> {
  await leaving(db, (one) => isUnsent(one) && (reportId ?? one.entityId) === one.entityId);
}

/** What an SMS of a report is made of; null where the server takes none, or the report is there already. */
export interface Textable {
  number: string;
  key: SyncKey;
  operation: Placed;
  write: string;
}

export async function textable(db: Database, vault: Vault, reportId: string): Promise<Textable | null> {
  const { sms_number: number, sync_key: key, rayon = null } = (await fact(db, "reference")) ?? {};
  const created = await createdOf(db, reportId);
  const row = await db.get("reports", reportId);
  if (!number || !key || !row || !created?.opened || !isUnsent(created)) return null;
  const [content, own] = await Promise.all([vault.open<string>(created.opened), vault.open<OwnReport>(row.sealed)]);
  const { auth, operation } = JSON.parse(content) as { auth: { write: string }; operation: Reported };
  // In an SMS there is no room for a position: the rayon stands for it.
  const village = operation.body.village ?? rayon;
  if (village === null) return null;
  const placed = { ...operation, body: { ...operation.body, village } };
  return { number, key, operation: narrowed(placed, own.audience), write: auth.write };
}

export async function markTexted(db: Database, vault: Vault, reportId: string): Promise<void> {
  for (;;) {
    const before = await db.get("reports", reportId);
    if (!before) return;
    const sealed = await vault.seal({ ...(await vault.open<OwnReport>(before.sealed)), bySms: true });
    const transaction = db.transaction("reports", "readwrite", { durability: "strict" });
    // Another tab may have changed it while this was encrypted.
    const mine = same((await transaction.store.get(reportId))?.sealed, before.sealed);
    if (mine) await transaction.store.put({ id: reportId, sealed });
    await transaction.done;
    if (mine) return;
  }
}

/** What a withdrawal says so that an SMS of the report goes with it: whether one went, no phone knows for certain. */
export async function namingSms(db: Database, { write }: Tokens, reportId: string): Promise<{ sms_link?: string }> {
  const created = await createdOf(db, reportId);
  return created ? { sms_link: hex(await linkOf(write, created.opId)) } : {};
}

async function createdOf(db: Database, reportId: string): Promise<Outgoing | undefined> {
  const operations = await db.getAllFromIndex("operations", "seq");
  return operations.find(({ type, entityId }) => type === "report.create" && entityId === reportId);
}
