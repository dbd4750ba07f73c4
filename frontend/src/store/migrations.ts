/** What a profile's database is made of. A released step is never changed; the next one is added below it. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { Change, KeptMedium, Outgoing } from "../model";
import { newKey, type Sealed } from "../model/vault";

/** A photo of a draft, or the next piece of a recording of it: `n` counts the pieces of the medium `id`. */
export interface DraftPart {
  draft: string;
  id: string;
  n: number;
  mime: string;
  bytes: Sealed;
}

/** A whole row that only the profile's person can read. */
export interface SealedRow {
  id: string;
  sealed: Sealed;
}

/** The server's view of something. */
export interface KeptChange extends Omit<Change, "data"> {
  data: Sealed;
}

export interface Shape extends DBSchema {
  operations: { key: string; value: Outgoing; indexes: { seq: number; digest: string } };
  /** An OwnReport each. */
  reports: { key: string; value: SealedRow };
  /** An OwnFollowUp each. */
  followups: { key: string; value: SealedRow };
  media: { key: string; value: KeptMedium; indexes: { state: string; receivedAt: number } };
  /** Sealed bytes by the medium's id, while they are here. */
  mediaBytes: { key: string; value: ArrayBuffer };
  /** The server's view, by entity and id. */
  changes: { key: [string, string]; value: KeptChange };
  /** A Draft each. */
  drafts: { key: string; value: Sealed };
  draftParts: { key: [string, number]; value: DraftPart; indexes: { draft: string } };
  /** Small single values: see facts.ts. */
  facts: { key: string; value: unknown };
}

type Upgrading = IDBPTransaction<Shape, StoreNames<Shape>[], "versionchange">;
type Step = (db: IDBPDatabase<Shape>, transaction: Upgrading) => void;

export const STEPS: Step[] = [
  (db, transaction) => {
    const operations = db.createObjectStore("operations", { keyPath: "opId" });
    operations.createIndex("seq", "seq", { unique: true });
    operations.createIndex("digest", "digest", { unique: true });
    db.createObjectStore("reports", { keyPath: "id" });
    db.createObjectStore("followups", { keyPath: "id" });
    const media = db.createObjectStore("media", { keyPath: "id" });
    media.createIndex("state", "state");
    media.createIndex("receivedAt", "receivedAt");
    db.createObjectStore("mediaBytes");
    db.createObjectStore("changes", { keyPath: ["entity", "id"] });
    db.createObjectStore("drafts");
    db.createObjectStore("draftParts", { keyPath: ["id", "n"] }).createIndex("draft", "draft");
    db.createObjectStore("facts");
    const facts = transaction.objectStore("facts");
    // No row is ever written without it.
    void facts.put({ plain: newKey() }, "keys");
    void facts.put(true, "marked");
  },
];
