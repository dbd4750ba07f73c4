/** The storage that the sync works on: one profile's database. */
import type { IDBPTransaction } from "idb";
import type { Change, KeptMedium, Outgoing, OwnMedium, ReportData, Result } from "../model";
import { isUnsent } from "../model/cards";
import type { Vault } from "../model/vault";
import { isDue, isMediumDue } from "../sync/backoff";
import { behindChoices, WAITING } from "../sync/batches";
import type { RetryAt, Settlement, Storage } from "../sync/ports";
import { fact, keepFact } from "./facts";
import { leaving } from "./leaving";
import type { KeptChange, Shape } from "./migrations";
import type { Database } from "./opening";

export const SETTLED = ["operations", "changes", "media", "mediaBytes", "facts", "reports"] as const;
type Settling = IDBPTransaction<Shape, typeof SETTLED, "readwrite">;

/** Results after which the phone does not send again. */
const TAKEN = new Set<string>(["applied", "duplicate", "accepted"]);
export const HEARD = "accepted";
const FOR_A_PERSON = new Set<string>(["conflict", "rejected"]);

/** How long the bytes stay after the server has them, by its clock: a server that is restored from last night's backup asks again. */
const GRACE_MS = 24 * 60 * 60 * 1000;
/** Until the server says what time it is. */
const JUST_NOW = Number.MAX_SAFE_INTEGER;

/** Without the vault of a locked profile it sends and takes nothing in. `onMobileData` says whether this moment's link is one that costs. */
export function storageOf(db: Database, vault: Vault | null, onMobileData: () => boolean = () => false): Storage {
  return {
    cursor: async () => (await fact(db, "cursor")) ?? null,
    due: async (now) => (await unsentOperations(db)).filter(({ notBefore }) => isDue(notBefore, now)),
    attempting: (ids) => leaving(db, ({ opId }) => ids.includes(opId), { state: "attempting" }),
    unsent: (ids, retryAt) => giveBack(db, ids, retryAt),
    settle: (settlement) => settle(db, vault, settlement),
    dueMedia: async (now) => {
      const due = (await unsentMedia(db, onMobileData())).filter((one) => isMediumDue(one, now));
      return Promise.all(due.map((medium) => withBytes(db, medium)));
    },
    announced: (id) => changeMedium(db, id, (medium) => ({ ...medium, announced: true })),
    received: (id) => changeMedium(db, id, (medium) => ({ ...medium, state: "received", receivedAt: JUST_NOW })),
    refused: (id) => changeMedium(db, id, (medium) => ({ ...medium, state: "refused" })),
    postponed: (id, retryAt) => changeMedium(db, id, (medium) => postponed(medium, retryAt)),
    nextDue: () => nextDue(db, onMobileData()),
    quietUntil: async () => (await fact(db, "quietUntil")) ?? 0,
    keepQuiet: (until) => keepFact(db, "quietUntil", until),
  };
}

async function unsentOperations(db: Database): Promise<Outgoing[]> {
  const all = await db.getAllFromIndex("operations", "seq");
  return behindChoices(all.filter(isUnsent));
}

/** Oldest first: ids of operations carry their time. Without photos where the person lets them wait for Wi-Fi. */
async function unsentMedia(db: Database, onMobileData: boolean): Promise<KeptMedium[]> {
  const all = await db.getAllFromIndex("media", "state", "pending");
  all.sort((one, other) => (one.opId < other.opId ? -1 : Number(one.opId > other.opId)));
  const held = onMobileData && (await fact(db, "photosOnWifi")) === true;
  return held ? all.filter(({ role }) => role !== "photo") : all;
}

export async function withBytes(db: Database, medium: KeptMedium): Promise<OwnMedium> {
  return { ...medium, bytes: (await db.get("mediaBytes", medium.id)) ?? null };
}

async function nextDue(db: Database, onMobileData: boolean): Promise<number | null> {
  const unsent = [...(await unsentOperations(db)), ...(await unsentMedia(db, onMobileData))];
  return unsent.length > 0 ? Math.min(...unsent.map(({ notBefore }) => notBefore)) : null;
}

async function giveBack(db: Database, ids: string[], retryAt: RetryAt | null): Promise<void> {
  const transaction = db.transaction("operations", "readwrite", { durability: "strict" });
  for (const id of ids) {
    const kept = await transaction.store.get(id);
    if (kept) await transaction.store.put(givenBack(kept, retryAt));
  }
  await transaction.done;
}

/** Back to waiting; without `retryAt` the fault was not its own, and it goes with the next round. It has left, also where that could not be marked. */
function givenBack(operation: Outgoing, retryAt: RetryAt | null): Outgoing {
  if (!retryAt) return { ...operation, state: "pending", left: true };
  const attempts = operation.attempts + 1;
  return { ...operation, state: "pending", left: true, attempts, notBefore: retryAt(attempts) };
}

/** Acknowledgements, changes and cursor: all of it or none, so that a crash only makes us ask again. */
async function settle(db: Database, vault: Vault | null, settlement: Settlement): Promise<void> {
  const taken = vault ? await Promise.all(settlement.changes.map((change) => sealed(vault, change))) : [];
  const transaction = db.transaction(SETTLED, "readwrite", { durability: "strict" });
  await acknowledge(transaction, settlement);
  const restored = await sendEverythingAgain(transaction, settlement.epoch);
  await pull(transaction, settlement, taken, restored);
  const facts = transaction.objectStore("facts");
  await facts.put(settlement.now, "lastSyncMs");
  await facts.put(settlement.serverMs, "lastServerMs");
  await transaction.done;
}

type Taken = Change & { kept: KeptChange | null };

async function sealed(vault: Vault, change: Change): Promise<Taken> {
  const kept = change.data === null ? null : { ...change, data: await vault.seal(change.data) };
  return { ...change, kept };
}

/**
 * A server that was restored to an older state may lack what it had taken, and what it had kept aside for a person. What it has is a
 * duplicate to it. Says whether it was.
 */
export async function sendEverythingAgain(transaction: Settling, epoch: string | null): Promise<boolean> {
  const facts = transaction.objectStore("facts");
  const before = await facts.get("epoch");
  if (epoch === null || epoch === before) return false;
  await facts.put(epoch, "epoch");
  if (before === undefined) return false;
  const operations = transaction.objectStore("operations");
  for (const kept of await operations.getAll()) {
    if (isUnsent(kept) && kept.code !== WAITING) continue;
    const code = kept.code === WAITING ? null : kept.code;
    await operations.put({ ...kept, state: "pending", attempts: 0, notBefore: 0, code });
  }
  return true;
}

/** What was sent while the profile was locked is sent once more, to hear what became of it: it may need the person's attention. */
export async function askAgain(db: Database): Promise<void> {
  const transaction = db.transaction("operations", "readwrite");
  for (const kept of await transaction.store.getAll()) {
    if (kept.code === HEARD) await transaction.store.put({ ...kept, state: "pending", code: null });
  }
  await transaction.done;
}

async function acknowledge(transaction: Settling, { results, retryAt }: Settlement): Promise<void> {
  const operations = transaction.objectStore("operations");
  for (const result of results) {
    const kept = await operations.index("digest").get(result.digest);
    if (!kept || kept.state === "done") continue;
    await operations.put(resulting(kept, result, retryAt));
  }
}

export async function dropCases(changes: {
  getAllKeys(): Promise<[string, string][]>;
  delete(key: [string, string]): Promise<void>;
}) {
  for (const [entity, id] of await changes.getAllKeys()) if (entity === "case") await changes.delete([entity, id]);
}

async function pull(transaction: Settling, settlement: Settlement, taken: Taken[], restored: boolean): Promise<void> {
  const facts = transaction.objectStore("facts");
  const changes = transaction.objectStore("changes");
  const cursor = (await facts.get("cursor")) ?? null;
  if (restored) {
    // It tells everything anew, and cannot take back what it no longer knows that it gave. It has ended every login: one that was
    // taken back after the backup must not have come to life again.
    await dropCases(changes);
    await Promise.all([facts.delete("cursor"), facts.delete("mediator")]);
  }
  // A login, or another tab, may have moved the cursor meanwhile: then these changes come again.
  if (cursor !== settlement.sentCursor) return;
  const isMediator = (await facts.get("mediator")) !== undefined;
  const back = taken.some(({ entity }) => entity === "report") ? await takenBack(transaction) : new Set();
  for (const { entity, id, data, kept } of taken) {
    // What was wiped here does not come back, nor what was taken back: of that only that it is.
    const old = back.has(id) && (data as ReportData | null)?.state !== "withdrawn";
    const own = !old && (await transaction.objectStore("reports").getKey(id)) !== undefined;
    const wanted = entity === "case" ? isMediator : own;
    if (kept === null) await changes.delete([entity, id]);
    else if (wanted) await changes.put(kept);
    if (entity === "report" && data !== null) await sendAgain(transaction, data as ReportData);
  }
  await facts.put(settlement.cursor, "cursor");
  if (!settlement.more) await dropSentBytes(transaction, settlement.serverMs);
}

async function takenBack(transaction: Settling): Promise<Set<string>> {
  const operations = await transaction.objectStore("operations").getAll();
  return new Set(operations.filter(({ type }) => type === "report.withdraw").map(({ entityId }) => entityId));
}

/** The server's own sentence, which may name a village or an office, is for whom looks into it there and never stays here. */
function resulting(kept: Outgoing, { status, code }: Result, retryAt: RetryAt): Outgoing {
  // Whoever sends without a bearer is told no more than that.
  if (TAKEN.has(status)) return { ...kept, state: "done", code: status === HEARD ? HEARD : null };
  if (FOR_A_PERSON.has(status)) {
    return { ...kept, state: "attention", code: status === "conflict" ? status : (code ?? status) };
  }
  return { ...givenBack(kept, retryAt), code: status === WAITING ? WAITING : null };
}

async function changeMedium(db: Database, id: string, change: (kept: KeptMedium) => KeptMedium): Promise<void> {
  const transaction = db.transaction("media", "readwrite");
  const kept = await transaction.store.get(id);
  if (kept) await transaction.store.put(change(kept));
  await transaction.done;
}

function postponed(medium: KeptMedium, retryAt: RetryAt): KeptMedium {
  const attempts = medium.attempts + 1;
  return { ...medium, attempts, notBefore: retryAt(attempts) };
}

/** The server lost what it had: the bytes are still here, so they go again. One that tells less has lost nothing. */
async function sendAgain(transaction: Settling, { media = [], talk = [] }: ReportData): Promise<void> {
  const store = transaction.objectStore("media");
  const all = [...media, ...talk.flatMap((told) => told.media ?? [])];
  for (const { id } of all.filter(({ state }) => state === "expected")) {
    const kept = await store.get(id);
    const here = (await transaction.objectStore("mediaBytes").getKey(id)) !== undefined;
    if (kept?.state === "received" && here) await store.put({ ...kept, state: "pending", receivedAt: null });
  }
}

/**
 * Bytes leave the phone a day after the server has checked them, once it has the operation that speaks of them too. It must have been able to
 * say just before that it has lost them again: a locked profile is told nothing, and what has more to tell may say it with that.
 */
async function dropSentBytes(transaction: Settling, now: number): Promise<void> {
  const store = transaction.objectStore("media");
  for (const kept of await store.index("receivedAt").getAll()) {
    const since = kept.receivedAt ?? now;
    if (since > now) await store.put({ ...kept, receivedAt: now });
    const operation = await transaction.objectStore("operations").get(kept.opId);
    if (since > now - GRACE_MS || operation?.state !== "done" || operation.code === HEARD) continue;
    await store.put({ ...kept, receivedAt: null });
    await transaction.objectStore("mediaBytes").delete(kept.id);
  }
}
