/** Writing what a person said: all of it or nothing, and on the disk before anybody says "saved". */
import type { IDBPTransaction } from "idb";
import type {
  Draft,
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
import { type Sealed, same, type Vault } from "../model/vault";
import { dropping } from "./drafts";
import { fact } from "./facts";
import type { SealedRow, Shape } from "./migrations";
import type { Database } from "./opening";

export type Wider = Extract<Said, { type: "report.audience" }>;

export interface Saying {
  said: Said;
  /** Who may read from now on, said first: both are kept, or neither. */
  first?: Wider | null;
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

interface Prepared {
  first: Outgoing | null;
  outgoing: Outgoing;
  media: { kept: KeptMedium; bytes: ArrayBuffer }[];
  followUp: SealedRow | null;
  /** As it will be; `before` is how it was read. */
  report: SealedRow | null;
  before: Sealed | undefined;
  draft: Sealed | undefined;
}

/**
 * Resolves when the transaction is complete, and only then. Throws what the browser throws, and where another window has saved or written
 * something else, or thrown away what is spoken of; then nothing is written.
 */
export async function keep(db: Database, vault: Vault, saying: Saying): Promise<void> {
  for (;;) {
    const { report, entityId } = saying;
    const kept = report && (await db.get("reports", entityId));
    if (kept) {
      // Pressed twice, or in two windows.
      if ((await vault.open<OwnReport>(kept.sealed)).editedAt === report.editedAt) return;
      // What another one says otherwise is not said to be saved; its draft is moved to another id once the screens hear of this.
      throw new Error("Changed.");
    }
    const made = await prepared(db, vault, saying);
    // Another tab may have taken the number, or changed the report, while this was encrypted: then it is made anew.
    if (await commit(db, saying, made)) return;
  }
}

/** A transaction ends while anything is encrypted, so all of that comes first. */
async function prepared(db: Database, vault: Vault, saying: Saying): Promise<Prepared> {
  const { said, first, entityId, now, tokens, media = [], followUp } = saying;
  const facts = {
    schema: 1,
    entity_id: entityId,
    parent_op: null,
    base_version: null,
    wall_ms: now,
    last_server_ms: (await fact(db, "lastServerMs")) ?? null,
  } as const;
  const seq = await nextSeq(db);
  const before: Operation | null = first ? { ...first, ...facts, op_id: uuid7(now), seq, media: [] } : null;
  const operation: Operation = {
    ...said,
    ...facts,
    op_id: uuid7(now),
    seq: before ? seq + 1 : seq,
    media: media.map(({ wire }) => wire),
  };
  const kept = await db.get("reports", entityId);
  const own = kept && (await vault.open<OwnReport>(kept.sealed));
  const report = saying.report ?? (own && changed(own, saying));
  const draft = await db.get("drafts", entityId);
  // Another window wrote on in it.
  if (draft && (await vault.open<Draft>(draft)).editedAt > (saying.report?.editedAt ?? Infinity))
    throw new Error("Changed.");
  const sealed = async (row: OwnReport | OwnFollowUp) => ({ id: row.id, sealed: await vault.seal(row) });
  const key = await presentKey(db);
  const sent = (one: Operation) => outgoing(vault, one, openedOf(one, tokens), key);
  return {
    first: before && (await sent(before)),
    outgoing: await sent(operation),
    media: await Promise.all(
      media.map(async ({ wire, bytes }) => ({
        kept: outgoingMedium(wire, operation, await vault.seal(wire.key)),
        bytes,
      })),
    ),
    followUp: followUp ? await sealed(followUp) : null,
    report: report && report !== own ? await sealed(report) : null,
    before: kept?.sealed,
    draft,
  };
}

/** What the words do to the reporter's own copy. */
function changed(own: OwnReport, { said, first, verdict }: Saying): OwnReport {
  const readers = first ?? said;
  if (readers.type === "report.audience") return { ...own, audience: readers.body.audience };
  if (said.type === "report.notify") return { ...own, notify: said.body.notify !== null };
  if (said.type === "report.withdraw") return { ...own, text: "", editedAt: 0, withdrawn: true };
  return verdict ? { ...own, verdict } : own;
}

/** It comes with the places and categories, so whoever can choose a village has it. */
async function presentKey(db: Database): Promise<SyncKey> {
  const key = (await fact(db, "reference"))?.sync_key;
  if (!key) throw new Error("No key yet.");
  return key;
}

/** Whether the server said of something that it lost the key it was sealed to. */
export async function lostKeys(db: Database): Promise<boolean> {
  return (await db.getAll("operations")).some(({ code }) => code === LOST);
}

/**
 * Seals again what the server could not open because it lost the key; resolves to whether there was any. All of a report at once, or
 * nothing: it may not go without the choice of who may read it. The operation stays the same, so should the first envelope be opened after all, it is
 * still one.
 */
export async function sealAgain(db: Database, vault: Vault): Promise<boolean> {
  const key = await presentKey(db);
  const anew = new Map<Outgoing, Awaited<ReturnType<typeof envelopeOf>>>();
  const unreadable = new Set<string>();
  for (const kept of await db.getAll("operations")) {
    if (kept.code !== LOST || kept.opened === null || sealedTo(kept.envelope) === key.id) continue;
    try {
      anew.set(kept, await envelopeOf(await vault.open<string>(kept.opened), key));
    } catch {
      unreadable.add(kept.entityId);
    }
  }
  const transaction = db.transaction("operations", "readwrite", { durability: "strict" });
  let any = false;
  for (const [kept, { bytes, digest }] of anew) {
    const now = await transaction.store.get(kept.opId);
    // Taken back while this was encrypted, or sealed again by another tab: then these words do not come to life again.
    if (now?.code !== LOST || now.digest !== kept.digest || unreadable.has(kept.entityId)) continue;
    await transaction.store.put({ ...now, ...FRESH, envelope: bytes, digest });
    any = true;
  }
  await transaction.done;
  return any;
}

async function nextSeq(db: Database): Promise<number> {
  const last = await db.transaction("operations").store.index("seq").openKeyCursor(null, "prev");
  return (last?.key ?? 0) + 1;
}

/** False when the number was taken or the report changed meanwhile. Whatever goes wrong on the way, nothing of it stays. */
async function commit(db: Database, saying: Saying, made: Prepared): Promise<boolean> {
  const transaction = db.transaction(STORES, "readwrite", { durability: "strict" });
  try {
    const { seq } = made.first ?? made.outgoing;
    const operations = transaction.objectStore("operations");
    const free = (await operations.index("seq").getKey(seq)) === undefined;
    const kept = await transaction.objectStore("reports").get(saying.entityId);
    // Another tab has thrown it away: nobody would take what is said of it, and nothing here could take that back.
    if (!kept && !saying.report && saying.said.type.startsWith("report")) {
      const said = await operations.getAll();
      if (!said.some(({ entityId }) => entityId === saying.entityId)) throw new Error("Gone.");
    }
    const draft = await transaction.objectStore("drafts").get(saying.entityId);
    const mine = free && same(draft, made.draft) && (!made.report || same(kept?.sealed, made.before));
    if (mine) await Promise.all(await writes(transaction, saying, made));
    await transaction.done;
    return mine;
  } catch (trouble) {
    try {
      transaction.abort();
    } catch {
      // It was aborted already.
    }
    throw trouble;
  }
}

const STORES = [
  "operations",
  "reports",
  "followups",
  "media",
  "mediaBytes",
  "drafts",
  "draftParts",
  "changes",
] as const;
type Writing = IDBPTransaction<Shape, typeof STORES, "readwrite">;

async function writes(transaction: Writing, saying: Saying, made: Prepared): Promise<Promise<unknown>[]> {
  const { draft } = saying;
  const operations = transaction.objectStore("operations");
  const all: Promise<unknown>[] = [operations.add(made.outgoing)];
  if (made.first) all.push(operations.add(made.first));
  for (const { kept, bytes } of made.media) {
    all.push(transaction.objectStore("media").add(kept), transaction.objectStore("mediaBytes").add(bytes, kept.id));
  }
  if (made.followUp) all.push(transaction.objectStore("followups").add(made.followUp));
  if (made.report) all.push(transaction.objectStore("reports").put(made.report));
  if (draft) {
    all.push(...(await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), draft)));
  }
  if (saying.said.type === "report.withdraw") all.push(...(await erasing(transaction, made.outgoing)));
  return all;
}

/**
 * What was said leaves the phone in the transaction that says so, with what the server showed of it and what was begun after it; what nobody
 * has acknowledged is not sent any more.
 */
async function erasing(transaction: Writing, withdrawal: Outgoing): Promise<Promise<unknown>[]> {
  const reportId = withdrawal.entityId;
  const [operations, media, mediaBytes] = [
    transaction.objectStore("operations"),
    transaction.objectStore("media"),
    transaction.objectStore("mediaBytes"),
  ];
  const all = await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), reportId);
  const said = (await operations.getAll()).filter(({ entityId }) => entityId === reportId);
  // Taken back a second time, from another tab: that it is withdrawn the server has told, and does not tell again.
  const before = said.some(({ opId, type }) => type === "report.withdraw" && opId !== withdrawal.opId);
  if (!before) all.push(transaction.objectStore("changes").delete(["report", reportId]));
  for (const { opId, type } of said) if (type !== "report.withdraw") all.push(operations.delete(opId));
  for (const medium of await media.getAll()) {
    if (medium.entityId === reportId) all.push(media.delete(medium.id), mediaBytes.delete(medium.id));
  }
  return all;
}

const FRESH = { state: "pending", attempts: 0, notBefore: 0, code: null } as const;

async function outgoing(vault: Vault, operation: Operation, content: string, key: SyncKey): Promise<Outgoing> {
  const { op_id: opId, seq, type, entity_id: entityId, wall_ms: savedAt } = operation;
  const [{ bytes, digest }, opened] = await Promise.all([envelopeOf(content, key), vault.seal(content)]);
  return { opId, seq, type, entityId, envelope: bytes, opened, digest, savedAt, left: false, ...FRESH };
}

function outgoingMedium(wire: WireMedium, operation: Operation, key: Sealed): KeptMedium {
  const { bytes: size, ...told } = wire;
  const fresh = { state: "pending", receivedAt: null, announced: false, attempts: 0, notBefore: 0 } as const;
  return { ...told, entityId: operation.entity_id, opId: operation.op_id, key, size, ...fresh };
}
