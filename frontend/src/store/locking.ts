/** A profile's lock: a code, out of which PBKDF2-SHA256 makes the key that wraps the data keys. What a short one is worth: docs/threat-model.md. */

import type { LockKind } from "../model";
import { joined } from "../model/bytes";
import { tokensOf } from "../model/secrets";
import { type Bytes, KEY_BYTES, newKey, Vault } from "../model/vault";
import { dropFact, fact, keepFact, type Lock } from "./facts";
import type { Opened } from "./keys";
import type { Database } from "./opening";

/** How long one try should take on this phone, and how few rounds that may come to. */
const AIM_MS = 700;
const LEAST_ROUNDS = 200_000;
const MOST_ROUNDS = 5_000_000;
const SAMPLE_ROUNDS = 50_000;

const FREE_TRIES = 3;
const FIRST_PAUSE_MS = 5_000;
const MOST_PAUSE_MS = 300_000;

export type Tried<Value> = Value | "wrong" | "wait";

export interface NewLock {
  kind: LockKind;
  code: string;
  /** The present one, where there is one. */
  before?: string | undefined;
}

/** Locks a profile, or gives it another code. What is said from now on gets a key that was never here in clear. */
export async function setLock(
  db: Database,
  vault: Vault,
  lock: NewLock,
  now: number,
  rounds: () => Promise<number> = roundsHere,
): Promise<Tried<"done">> {
  const kept = await fact(db, "keys");
  const open = kept && "plain" in kept;
  const ring = open ? joined(kept.plain, newKey()) : await tried(db, lock.before ?? "", now);
  if (typeof ring === "string") return ring;
  await keepStrictly(db, await locked(lock, ring, await rounds()));
  await vault.take(ring);
  return "done";
}

export async function removeLock(db: Database, code: string, now: number): Promise<Tried<"done">> {
  const plain = await tried(db, code, now);
  if (typeof plain === "string") return plain;
  await keepStrictly(db, { plain });
  return "done";
}

export async function unlock(db: Database, code: string, now: number): Promise<Tried<Opened>> {
  const ring = await tried(db, code, now);
  if (typeof ring === "string") return ring;
  const [vault, secret] = [await Vault.of(ring), await fact(db, "secret")];
  if (!secret) throw new Error("No secret.");
  return { vault, tokens: await tokensOf(await vault.openBytes(secret)) };
}

/** How long until the next try; wrong ones make it longer and nothing else. */
export async function pauseMs(db: Database, now: number): Promise<number> {
  const { failed, at } = (await fact(db, "tries")) ?? { failed: 0, at: 0 };
  if (failed < FREE_TRIES) return 0;
  const pause = Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failed - FREE_TRIES));
  // A clock that was set back must not make years of it.
  return Math.max(0, Math.min(pause, at + pause - now));
}

/** The data keys. Counted before it is tried, so that whoever kills the app gains no tries by it. */
async function tried(db: Database, code: string, now: number): Promise<Tried<Bytes>> {
  const kept = await fact(db, "keys");
  if (!kept || "plain" in kept) throw new Error("No lock.");
  if ((await pauseMs(db, now)) > 0) return "wait";
  const failed = ((await fact(db, "tries"))?.failed ?? 0) + 1;
  await keepFact(db, "tries", { failed, at: now }).catch(() => undefined);
  try {
    const ring = await new Vault([await keyOf(code, kept)]).openBytes(kept.wrapped);
    await dropFact(db, "tries").catch(() => undefined);
    return ring;
  } catch {
    return "wrong";
  }
}

async function locked({ kind, code }: NewLock, ring: Bytes, rounds: number): Promise<Lock> {
  const how = { salt: crypto.getRandomValues(new Uint8Array(16)), rounds };
  return { kind, ...how, wrapped: await new Vault([await keyOf(code, how)]).sealBytes(ring) };
}

async function keyOf(code: string, { salt, rounds }: Pick<Lock, "salt" | "rounds">): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: KEY_BYTES * 8 }, false, ["encrypt", "decrypt"]);
}

/** Measured when a lock is made: a cheap phone does not wait for ever, and a fast one is not let off lightly. */
async function roundsHere(): Promise<number> {
  const began = performance.now();
  await keyOf("", { salt: new Uint8Array(16), rounds: SAMPLE_ROUNDS });
  return roundsFor(performance.now() - began);
}

/** By how long the sample took. */
export function roundsFor(sampleMs: number): number {
  const rounds = Math.round((SAMPLE_ROUNDS * AIM_MS) / Math.max(1, sampleMs));
  return Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, rounds));
}

async function keepStrictly(db: Database, keys: Lock | { plain: Bytes }): Promise<void> {
  const transaction = db.transaction("facts", "readwrite", { durability: "strict" });
  await Promise.all([transaction.store.put(keys, "keys"), transaction.done]);
}
