/** What a profile's database is made of. A released step is never changed; the next one is added below it. */
import type { DBSchema, IDBPDatabase } from "idb";
import type { Change, Draft, KeptMedium, Outgoing, OwnFollowUp, OwnReport } from "../model";

/** A photo of a draft, or the next piece of a recording of it: `n` counts the pieces of the medium `id`. */
export interface DraftPart {
  draft: string;
  id: string;
  n: number;
  mime: string;
  bytes: ArrayBuffer;
}

export interface Shape extends DBSchema {
  operations: { key: string; value: Outgoing; indexes: { seq: number; digest: string } };
  reports: { key: string; value: OwnReport };
  followups: { key: string; value: OwnFollowUp };
  media: { key: string; value: KeptMedium; indexes: { state: string; receivedAt: number } };
  /** Sealed bytes by the medium's id, while they are here. */
  mediaBytes: { key: string; value: ArrayBuffer };
  /** The server's view, by entity and id. */
  changes: { key: [string, string]; value: Change };
  drafts: { key: string; value: Draft };
  draftParts: { key: [string, number]; value: DraftPart; indexes: { draft: string } };
  /** Small single values: see facts.ts. */
  facts: { key: string; value: unknown };
}

type Step = (db: IDBPDatabase<Shape>) => void;

export const STEPS: Step[] = [
  (db) => {
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
  },
];
