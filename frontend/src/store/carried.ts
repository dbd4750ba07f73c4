/**
 * What this phone or desk carries for others, in a database of its own: it belongs to no profile, and no login clears it. It
 * is the storage of the same sync as everybody's own, so a carrier sends as carefully as a sender does.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Outgoing, OwnMedium } from "../model";
import { sha256 } from "../model/bytes";
import type { CarriedMedium, Load } from "../model/handed";
import type { Settlement, Storage } from "../sync/ports";

export const CARRIED = "aryk-carried";
/** A carrier's room for others: the sender keeps everything until the server has confirmed it. */
export const MOST_CARRIED_BYTES = 60_000_000;
const MOST_CARRIED = 2_000;
const KEPT_MS = 60 * 24 * 3_600_000;

export type Store = "envelopes" | "media";

interface Waiting {
  size: number;
  takenAt: number;
  attempts: number;
  notBefore: number;
}

export interface CarriedEnvelope extends Waiting {
  digest: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface WaitingMedium extends Waiting, CarriedMedium {
  announced: boolean;
}

interface Shape extends DBSchema {
  envelopes: { key: string; value: CarriedEnvelope };
  media: { key: string; value: WaitingMedium };
  /** "forwarded": how many envelopes the server has accepted from here. */
  facts: { key: string; value: number };
}

export type CarriedDatabase = IDBPDatabase<Shape>;

export interface Carrying {
  envelopes: number;
  media: number;
  forwarded: number;
}

export class NoRoom extends Error {}

export function openCarried(): Promise<CarriedDatabase> {
  return openDB<Shape>(CARRIED, 1, {
    upgrade: (db) => {
      db.createObjectStore("envelopes", { keyPath: "digest" });
      db.createObjectStore("media", { keyPath: "id" });
      db.createObjectStore("facts");
    },
    blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
  });
}

/** All of it on the disk or nothing. What is carried already is not taken twice. Throws NoRoom over the limits. */
export async function take(db: CarriedDatabase, { envelopes, media }: Load, now: number): Promise<void> {
  const fresh = { takenAt: now, attempts: 0, notBefore: 0 };
  const letters = await Promise.all(
    envelopes.map(async (bytes) => ({ digest: await sha256(bytes), bytes, size: bytes.length, ...fresh })),
  );
  const blobs = media.map((medium) => ({ ...medium, size: medium.bytes.byteLength, announced: false, ...fresh }));
  const transaction = db.transaction(["envelopes", "media"], "readwrite", { durability: "strict" });
  const [here, there] = [transaction.objectStore("envelopes"), transaction.objectStore("media")];
  const kept = [...(await here.getAll()), ...(await there.getAll())];
  const room = [...kept, ...letters, ...blobs];
  if (room.length > MOST_CARRIED || room.reduce((sum, { size }) => sum + size, 0) > MOST_CARRIED_BYTES) {
    throw new NoRoom();
  }
  const known = new Set(kept.map((one) => ("digest" in one ? one.digest : one.id)));
  for (const letter of letters) if (!known.has(letter.digest)) await here.put(letter);
  for (const blob of blobs) if (!known.has(blob.id)) await there.put(blob);
  await transaction.done;
}

export async function carrying(db: CarriedDatabase): Promise<Carrying> {
  const [envelopes, media, forwarded] = await Promise.all([
    db.count("envelopes"),
    db.count("media"),
    db.get("facts", "forwarded"),
  ]);
  return { envelopes, media, forwarded: forwarded ?? 0 };
}

/** Everything carried, to be handed on. */
export async function carriedLoad(db: CarriedDatabase): Promise<Load> {
  const envelopes = (await db.getAll("envelopes")).map(({ bytes }) => bytes);
  return { envelopes, media: await db.getAll("media") };
}

/** What nobody took for two months leaves: the sender has it still. */
export async function dropOld(db: CarriedDatabase, now: number): Promise<void> {
  const transaction = db.transaction(["envelopes", "media"], "readwrite");
  for (const store of ["envelopes", "media"] as const) {
    for (let at = await transaction.objectStore(store).openCursor(); at; at = await at.continue()) {
      if (at.value.takenAt < now - KEPT_MS) await at.delete();
    }
  }
  await transaction.done;
}

type RetryAt = (attempts: number) => number;

export function carriedStorage(db: CarriedDatabase): Storage {
  return {
    cursor: async () => null,
    due: async (now) => (await db.getAll("envelopes")).filter(({ notBefore }) => notBefore <= now).map(outgoing),
    attempting: async (digests) => digests,
    unsent: async (digests, retryAt) => {
      if (retryAt) for (const digest of digests) await postpone(db, "envelopes", digest, retryAt);
    },
    settle: (settlement) => settle(db, settlement),
    dueMedia: async (now) => (await db.getAll("media")).filter(({ notBefore }) => notBefore <= now).map(ownMedium),
    announced: async (id) => {
      const medium = await db.get("media", id);
      if (medium) await db.put("media", { ...medium, announced: true });
    },
    received: (id) => db.delete("media", id),
    // Too large for this server, or not what it says: the sender's phone shows it to the sender.
    refused: (id) => db.delete("media", id),
    postponed: (id, retryAt) => postpone(db, "media", id, retryAt),
    nextDue: async () => {
      const all = [...(await db.getAll("envelopes")), ...(await db.getAll("media"))];
      return all.length > 0 ? Math.min(...all.map(({ notBefore }) => notBefore)) : null;
    },
  };
}

/** A carrier learns *accepted* or *try again*, and forgets what was accepted. */
async function settle(db: CarriedDatabase, { results, retryAt }: Settlement): Promise<void> {
  const transaction = db.transaction(["envelopes", "facts"], "readwrite", { durability: "strict" });
  const envelopes = transaction.objectStore("envelopes");
  let forwarded = 0;
  for (const { digest, status } of results) {
    const kept = await envelopes.get(digest);
    if (!kept) continue;
    if (status === "accepted") {
      await envelopes.delete(digest);
      forwarded++;
    } else await envelopes.put(later(kept, retryAt));
  }
  const facts = transaction.objectStore("facts");
  await facts.put(((await facts.get("forwarded")) ?? 0) + forwarded, "forwarded");
  await transaction.done;
}

async function postpone(db: CarriedDatabase, store: Store, key: string, retryAt: RetryAt): Promise<void> {
  const transaction = db.transaction(store, "readwrite");
  const kept = await transaction.store.get(key);
  if (kept) await transaction.store.put(later(kept, retryAt));
  await transaction.done;
}

function later<Kept extends Waiting>(kept: Kept, retryAt: RetryAt): Kept {
  const attempts = kept.attempts + 1;
  return { ...kept, attempts, notBefore: retryAt(attempts) };
}

function outgoing({ digest, bytes, takenAt, attempts, notBefore }: CarriedEnvelope): Outgoing {
  const unknown = { seq: 0, type: "", entityId: "", opened: null, code: null, detail: null, state: "pending" } as const;
  return { ...unknown, opId: digest, digest, envelope: bytes, savedAt: takenAt, attempts, notBefore };
}

function ownMedium(medium: WaitingMedium): OwnMedium {
  return {
    ...medium,
    entityId: "",
    opId: "",
    role: "photo",
    key: new Uint8Array(0),
    receivedAt: null,
    state: "pending",
  };
}
