/** Small single values of a profile. Those that a person could read are sealed. */
import type { Language, LockKind, Reference } from "../model";
import type { Bytes, Sealed } from "../model/vault";
import type { Database } from "./opening";

/** Raw data keys, one after the other: the profile has no lock. */
export interface Keys {
  plain: Bytes;
}

/** The same keys sealed under one that PBKDF2-SHA256 makes of a code. */
export interface Lock {
  kind: LockKind;
  salt: Bytes;
  rounds: number;
  wrapped: Sealed;
}

export interface KeptGroupKey {
  /** As the server names it. */
  id: string;
  place: number;
  point: Bytes;
  /** PKCS #8. */
  private: Sealed;
}

export interface Facts {
  /** This database was here before. */
  begun: true;
  cursor: string | null;
  epoch: string;
  lastSyncMs: number;
  lastServerMs: number;
  language: Language;
  rayon: string;
  reference: Reference;
  referenceMs: number;
  /** Version of the notice that was agreed to. */
  consent: number;
  /** A Grant. */
  mediator: Sealed;
  /** Keys of mediators' groups that were made here. Nobody else has their private halves, so nothing deletes them. */
  groupKeys: KeptGroupKey[];
  /** The mediators' two points that a name was last sealed to. */
  sealedTo: string;
  /** Photos wait for Wi-Fi; text, previews and recordings do not. */
  photosOnWifi: boolean;
  /** What left this phone is marked as such. Taken away where a full disk lets nothing be marked: that it does let. */
  marked: true;
  /** Until when the server asked to be left alone, by this phone's clock. */
  quietUntil: number;
  /** Logged out here, and the server could not be told yet. */
  givingBack: boolean;
  /** The data keys, as they are or wrapped by the profile's lock. */
  keys: Keys | Lock;
  /** The profile's 16 random bytes, from which both tokens come. */
  secret: Sealed;
  /** Wrong codes in a row, and when the last one was tried. */
  tries: { failed: number; at: number };
}

const readings = new WeakMap<Database, ReturnType<typeof readingOf>>();

function readingOf(db: Database) {
  return db.transaction("facts");
}

/** What is asked for in one moment is read in one transaction: at the start a slow phone would spend more on seven of them than on what they read. */
export async function fact<Key extends keyof Facts>(db: Database, key: Key): Promise<Facts[Key] | undefined> {
  const reading = readings.get(db) ?? readingOf(db);
  if (!readings.has(db)) {
    readings.set(db, reading);
    queueMicrotask(() => readings.delete(db));
  }
  const [value] = await Promise.all([reading.store.get(key), reading.done]);
  return value as Facts[Key] | undefined;
}

export async function keepFact<Key extends keyof Facts>(db: Database, key: Key, value: Facts[Key]): Promise<void> {
  await db.put("facts", value, key);
}

export async function dropFact(db: Database, key: keyof Facts): Promise<void> {
  await db.delete("facts", key);
}
