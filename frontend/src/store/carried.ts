/**
 * What this phone or desk carries for others, in a database of its own: it belongs to no profile, and no login clears it. It
 * is the storage of the same sync as everybody's own, so a carrier sends as carefully as a sender does.
 */
import type { DBSchema } from "idb";
import type { Outgoing, OwnMedium } from "../model";
import { sha256 } from "../model/bytes";
import type { CarriedMedium, Load } from "../model/handed";
import { isDue, isMediumDue } from "../sync/backoff";
import type { RetryAt, Settlement, Storage } from "../sync/ports";
import { type Kept, openDB } from "./browser";

export const CARRIED = "aryk-carried";
/** A carrier's room for others: the sender keeps everything until the server has confirmed it. */
export const MOST_CARRIED_BYTES = 60_000_000;
const MOST_CARRIED = 2_000;
const MOST_AT_ONCE_BYTES = 5_000_000;
const KEPT_MS = 60 * 24 * 3_600_000;

export type Store = "envelopes" | "media";

interface Waiting {
  size: number;
  /** What the server had last said its time was when the app was first opened with it. This phone's own clock may say anything. */
  since?: number;
  attempts: number;
  notBefore: number;
}

export interface CarriedEnvelope extends Waiting {
  digest: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Its place on the way: as its sender had it. */
  turn: number;
}

export interface WaitingMedium extends Waiting, CarriedMedium {
  announced: boolean;
}

interface Shape extends DBSchema {
  envelopes: { key: string; value: CarriedEnvelope };
  media: { key: string; value: WaitingMedium };
  /** "forwarded": how many envelopes the server has accepted from here. "serverMs": its time, when it said so last. "quietUntil":
   * until when it asked to be left alone. */
  facts: { key: string; value: number };
}

export type CarriedDatabase = Kept<Shape>;

export interface Carrying {
  envelopes: number;
  media: number;
  forwarded: number;
}

export class NoRoom extends Error {}

/** `gone`: as in `openProfile`. */
export function openCarried(gone: () => unknown = () => undefined): Promise<CarriedDatabase> {
  return openDB<Shape>(CARRIED, 1, {
    upgrade: (db) => {
      db.createObjectStore("envelopes", { keyPath: "digest" });
      db.createObjectStore("media", { keyPath: "id" });
      db.createObjectStore("facts");
    },
    blocking: (_now, _next, event) => {
      (event.target as IDBDatabase).close();
      gone();
    },
    terminated: () => void gone(),
  });
}

/**
 * All of it on the disk or nothing. What is carried already is not taken twice, and goes where this file has it: who may read before what
 * there is to read. Throws NoRoom over the limits.
 */
export async function take(db: CarriedDatabase, { envelopes, media }: Load): Promise<void> {
  const fresh = { attempts: 0, notBefore: 0 };
  const letters = await Promise.all(
    envelopes.map(async (bytes) => ({ digest: await sha256(bytes), bytes, size: bytes.length, ...fresh })),
  );
  const blobs = media.map((medium) => ({ ...medium, size: medium.bytes.byteLength, announced: false, ...fresh }));
  const transaction = db.transaction(["envelopes", "media"], "readwrite", { durability: "strict" });
  const [here, there] = [transaction.objectStore("envelopes"), transaction.objectStore("media")];
  const before = await here.getAll();
  const room = [...before, ...letters, ...blobs].map(({ size }) => size);
  await each(there, ({ size }) => room.push(size));
  if (room.length > MOST_CARRIED || room.reduce((sum, size) => sum + size) > MOST_CARRIED_BYTES) throw new NoRoom();
  const known = new Map(before.map((one) => [one.digest, one]));
  let turn = Math.max(0, ...before.map(({ turn }) => turn));
  for (const letter of letters) await here.put({ ...letter, ...known.get(letter.digest), turn: ++turn });
  for (const blob of blobs) if ((await there.getKey(blob.id)) === undefined) await there.put(blob);
  await transaction.done;
}

/** One after the other: there may be more of it than there is memory. */
async function each<Row>(store: Rows<Row>, use: (row: Row) => unknown): Promise<void> {
  for (const key of await store.getAllKeys()) {
    const row = await store.get(key);
    if (row !== undefined) use(row);
  }
}

interface Rows<Row> {
  getAllKeys(): Promise<string[]>;
  get(key: string): Promise<Row | undefined>;
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
  return { envelopes: (await inTurn(db)).map(({ bytes }) => bytes), media: await db.getAll("media") };
}

async function inTurn(db: CarriedDatabase): Promise<CarriedEnvelope[]> {
  return (await db.getAll("envelopes")).sort((one, other) => one.turn - other.turn);
}

/** What the server was offered for two months, by its own clock, and did not take leaves: the sender has it still. */
export async function dropOld(db: CarriedDatabase): Promise<void> {
  const now = await db.get("facts", "serverMs");
  if (!now) return;
  const transaction = db.transaction(["envelopes", "media"], "readwrite");
  for (const name of ["envelopes", "media"] as const) {
    const store = transaction.objectStore(name);
    // One after the other: there may be more of it than there is memory.
    for (const key of await store.getAllKeys()) {
      const kept = await store.get(key);
      if (kept && kept.since === undefined) await store.put({ ...kept, since: now });
      else if (kept?.since !== undefined && kept.since < now - KEPT_MS) await store.delete(key);
    }
  }
  await transaction.done;
}

export function carriedStorage(db: CarriedDatabase): Storage {
  return {
    cursor: async () => null,
    due: async (now) => (await inTurn(db)).filter(({ notBefore }) => isDue(notBefore, now)).map(outgoing),
    attempting: async (digests) => digests,
    unsent: async (digests, retryAt) => {
      if (retryAt) for (const digest of digests) await postpone(db, "envelopes", digest, retryAt);
    },
    settle: (settlement) => settle(db, settlement),
    dueMedia: (now) => dueMedia(db, now),
    announced: async (id) => {
      const medium = await db.get("media", id);
      if (medium) await db.put("media", { ...medium, announced: true });
    },
    received: (id) => db.delete("media", id),
    // Too large for this server, or not what it says: the sender's phone shows it to the sender.
    refused: (id) => db.delete("media", id),
    postponed: (id, retryAt) => postpone(db, "media", id, retryAt),
    nextDue: async () => {
      const all = (await db.getAll("envelopes")).map(({ notBefore }) => notBefore);
      await each(db.transaction("media").store, ({ notBefore }) => all.push(notBefore));
      return all.length > 0 ? Math.min(...all) : null;
    },
    quietUntil: async () => (await db.get("facts", "quietUntil")) ?? 0,
    keepQuiet: (until) => db.put("facts", until, "quietUntil"),
  };
}

/** As many as memory has room for, the small ones first: previews, before the photos that they are of. The others come with the next round. */
async function dueMedia(db: CarriedDatabase, now: number): Promise<OwnMedium[]> {
  const due: OwnMedium[] = [];
  let bytes = 0;
  await each(db.transaction("media").store, (medium) => {
    if (!isMediumDue(medium, now)) return;
    due.push(ownMedium(medium));
    due.sort((one, other) => one.size - other.size);
    bytes += medium.size;
    while (due.length > 1 && bytes > MOST_AT_ONCE_BYTES) bytes -= due.pop()?.size ?? 0;
  });
  return due;
}

/** A carrier learns *accepted* or *try again*, and forgets what was accepted. */
async function settle(db: CarriedDatabase, { results, retryAt, serverMs }: Settlement): Promise<void> {
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
  await facts.put(serverMs, "serverMs");
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

function outgoing({ digest, bytes, turn, attempts, notBefore }: CarriedEnvelope): Outgoing {
  const unknown = {
    savedAt: 0,
    type: "",
    entityId: "",
    opened: null,
    left: true,
    code: null,
    state: "pending",
  } as const;
  return { ...unknown, opId: digest, seq: turn, digest, envelope: bytes, attempts, notBefore };
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
