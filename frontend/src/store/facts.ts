/** Small single values of a profile. */
import type { Grant, Language, Reference } from "../model";
import type { Database } from "./opening";

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
  mediator: Grant;
  /** Photos wait for Wi-Fi; text, previews and recordings do not. */
  photosOnWifi: boolean;
  /** Logged out here, and the server could not be told yet. */
  givingBack: boolean;
}

export async function fact<Key extends keyof Facts>(db: Database, key: Key): Promise<Facts[Key] | undefined> {
  return (await db.get("facts", key)) as Facts[Key] | undefined;
}

export async function keepFact<Key extends keyof Facts>(db: Database, key: Key, value: Facts[Key]): Promise<void> {
  await db.put("facts", value, key);
}

export async function dropFact(db: Database, key: keyof Facts): Promise<void> {
  await db.delete("facts", key);
}
