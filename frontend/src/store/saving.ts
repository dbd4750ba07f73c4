/** Writing what a person said: all of it or nothing, and on the disk before anybody says "saved". */
import type { IDBPTransaction } from "idb";
import type {
  KeptMedium,
  Operation,
  Outgoing,
  OwnFollowUp,
  OwnReport,
  Said,
  SyncKey,
  Verdict,
  WireMedium,
} from "../model";
import { envelopeOf, openedOf } from "../model/envelopes";
import { sealedTo } from "../model/sealing";
import type { Tokens } from "../model/secrets";
import { uuid7 } from "../model/uuid7";
import { dropping } from "./drafts";
import { fact } from "./facts";
import type { Shape } from "./migrations";
import type { Database } from "./opening";

export interface Saying {
  said: Said;
  entityId: string;
  now: number;
  tokens: Tokens;
  media?: { wire: WireMedium; bytes: ArrayBuffer }[];
  report?: OwnReport;
  /** The draft that it was; gone once it is saved. */
  draft?: string;
  followUp?: OwnFollowUp;
  verdict?: { said: Verdict; answers: number };
}

const LOST = "unknown_key";

type Prepared = { outgoing: Outgoing; media: { kept: KeptMedium; bytes: ArrayBuffer }[] };

/** Resolves when the transaction is complete, and only then. Throws what the browser throws; then nothing is written. */
export async function keep(db: Database, saying: Saying): Promise<void> {
  for (;;) {
    const made = await prepared(db, saying);
    // Another tab may have taken the number while the digest was made: then make the envelope anew.
    if (await commit(db, saying, made)) return;
  }
}

async function prepared(db: Database, { said, entityId, now, tokens, media = [] }: Saying): Promise<Prepared> {
  const operation: Operation = {
    ...said,
    op_id: uuid7(now),
    seq: await nextSeq(db),
    schema: 1,
    entity_id: entityId,
    parent_op: null,
    base_version: null,
    wall_ms: now,
    last_server_ms: (await fact(db, "lastServerMs")) ?? null,
    media: media.map(({ wire }) => wire),
  };
  return {
    outgoing: await outgoing(operation, openedOf(operation, tokens), await presentKey(db)),
    media: media.map(({ wire, bytes }) => ({ kept: outgoingMedium(wire, operation), bytes })),
  };
}

/** It comes with the places and categories, so whoever can choose a village has it. */
async function presentKey(db: Database): Promise<SyncKey> {
  const key = (await fact(db, "reference"))?.sync_key;
  if (!key) throw new Error("There is no key to seal to yet.");
  return key;
}

/** Whether the server said of something that it lost the key it was sealed to. */
export async function lostKeys(db: Database): Promise<boolean> {
  return (await db.getAll("operations")).some(({ code }) => code === LOST);
}

/**
 * Seals again what the server could not open because it lost the key; resolves to whether there was any. The operation
 * stays the same, so should the first envelope be opened after all, it is still one.
 */
export async function sealAgain(db: Database): Promise<boolean> {
  const key = await presentKey(db);
  let any = false;
  for (const kept of await db.getAllFromIndex("operations", "seq")) {
    if (kept.code !== LOST || kept.opened === null || sealedTo(kept.envelope) === key.id) continue;
    const { bytes, digest } = await envelopeOf(kept.opened, key);
    await db.put("operations", { ...kept, ...FRESH, envelope: bytes, digest });
    any = true;
  }
  return any;
}

async function nextSeq(db: Database): Promise<number> {
  const last = await db.transaction("operations").store.index("seq").openKeyCursor(null, "prev");
  return (last?.key ?? 0) + 1;
}

/** False when the number was taken meanwhile. Whatever goes wrong on the way, nothing of it stays. */
async function commit(db: Database, saying: Saying, made: Prepared): Promise<boolean> {
  const transaction = db.transaction(STORES, "readwrite", { durability: "strict" });
  try {
    const free = (await transaction.objectStore("operations").index("seq").getKey(made.outgoing.seq)) === undefined;
    if (free) await Promise.all(await writes(transaction, saying, made));
    await transaction.done;
    return free;
  } catch (trouble) {
    transaction.done.catch(() => undefined);
    try {
      transaction.abort();
    } catch {
      // It was aborted already.
    }
    throw trouble;
  }
}

const STORES = ["operations", "reports", "followups", "media", "mediaBytes", "drafts", "draftParts"] as const;
type Writing = IDBPTransaction<Shape, typeof STORES, "readwrite">;

async function writes(transaction: Writing, saying: Saying, made: Prepared): Promise<Promise<unknown>[]> {
  const { report, draft, followUp, verdict, entityId } = saying;
  const kept = verdict && (await transaction.objectStore("reports").get(entityId));
  const all: Promise<unknown>[] = [transaction.objectStore("operations").add(made.outgoing)];
  for (const { kept, bytes } of made.media) {
    all.push(transaction.objectStore("media").add(kept), transaction.objectStore("mediaBytes").add(bytes, kept.id));
  }
  if (followUp) all.push(transaction.objectStore("followups").add(followUp));
  if (kept) all.push(transaction.objectStore("reports").put({ ...kept, verdict }));
  if (report) all.push(transaction.objectStore("reports").add(report));
  if (draft) {
    all.push(...(await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), draft)));
  }
  if (saying.said.type === "report.audience") {
    const own = await transaction.objectStore("reports").get(entityId);
    if (own) all.push(transaction.objectStore("reports").put({ ...own, audience: saying.said.body.audience }));
  }
  if (saying.said.type === "report.withdraw") all.push(...(await erasing(transaction, entityId)));
  return all;
}

/** What was said leaves the phone in the transaction that says so; what nobody has acknowledged is not sent any more. */
async function erasing(transaction: Writing, reportId: string): Promise<Promise<unknown>[]> {
  const [operations, reports, media, mediaBytes] = [
    transaction.objectStore("operations"),
    transaction.objectStore("reports"),
    transaction.objectStore("media"),
    transaction.objectStore("mediaBytes"),
  ];
  const all: Promise<unknown>[] = [];
  for (const { opId, entityId, type } of await operations.getAll()) {
    if (entityId === reportId && type !== "report.withdraw") all.push(operations.delete(opId));
  }
  for (const medium of await media.getAll()) {
    if (medium.entityId === reportId) all.push(media.delete(medium.id), mediaBytes.delete(medium.id));
  }
  const report = await reports.get(reportId);
  if (report) all.push(reports.put({ ...report, text: "", withdrawn: true }));
  return all;
}

const FRESH = { state: "pending", attempts: 0, notBefore: 0, code: null, detail: null } as const;

async function outgoing(operation: Operation, opened: string, key: SyncKey): Promise<Outgoing> {
  const { op_id: opId, seq, type, entity_id: entityId, wall_ms: savedAt } = operation;
  const { bytes, digest } = await envelopeOf(opened, key);
  return { opId, seq, type, entityId, envelope: bytes, opened, digest, savedAt, ...FRESH };
}

function outgoingMedium({ id, role, mime, key, sha256, bytes: size }: WireMedium, operation: Operation): KeptMedium {
  const fresh = { state: "pending", receivedAt: null, announced: false, attempts: 0, notBefore: 0 } as const;
  return { id, entityId: operation.entity_id, opId: operation.op_id, role, mime, key, sha256, size, ...fresh };
}
