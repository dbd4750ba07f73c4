/** A profile of its own, without a lock, as the app opens it. */
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { type Opened, openedOf } from "../../src/store/keys";
import { type Database, openProfile } from "../../src/store/opening";
import type { Settlement } from "../../src/sync/ports";

export interface Own extends Opened {
  id: string;
  db: Database;
}

export async function openNew(id = uuid7()): Promise<Own> {
  const db = await openProfile(id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  return { id, db, ...opened };
}

/** A report that was saved here long ago, of which something can be said; resolves to its id. */
export async function reported(db: Database, vault: Vault, id = uuid7()): Promise<string> {
  return db.put("reports", { id, sealed: await vault.seal({ id, receipt: "0000000001" }) });
}

/** An answer of the server that says nothing. */
export const NOTHING: Settlement = {
  more: false,
  sentCursor: null,
  cursor: null,
  serverMs: 1,
  epoch: null,
  now: 1,
  changes: [],
  results: [],
  retryAt: () => 0,
};
