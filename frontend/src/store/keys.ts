/** What opens a profile that has no lock, and what an older app left unsealed is sealed with. */
import type { IDBPDatabase } from "idb";
import type { Profile } from "../model";
import { newSecret, type Tokens, tokensOf } from "../model/secrets";
import { type Sealed, Vault } from "../model/vault";
import { fact } from "./facts";
import type { SealedRow } from "./migrations";
import { type Database, forgetSecret } from "./opening";

/** What a profile's person has in hand: the readable half of the database, and who they are to the server. */
export interface Opened {
  vault: Vault;
  tokens: Tokens;
}

/** null while it is locked. */
export async function openedOf(db: Database, profile: Profile): Promise<Opened | null> {
  const ring = await fact(db, "keys");
  if (!ring || !("plain" in ring)) return null;
  const vault = await Vault.of(ring.plain);
  const [secret] = await Promise.all([
    secretOf(db, vault, profile),
    // A disk too full for it must not keep anybody from what is there: it is tried again at the next start.
    sealOld(db, vault).catch(() => undefined),
  ]);
  if (profile.secret) await forgetSecret(profile).catch(() => undefined);
  return { vault, tokens: await tokensOf(secret) };
}

/** Made at the first opening, once even when two tabs open at once. */
async function secretOf(db: Database, vault: Vault, profile: Profile): Promise<Uint8Array<ArrayBuffer>> {
  const there = await fact(db, "secret");
  if (there) return vault.openBytes(there);
  const made = await vault.sealBytes(profile.secret ?? newSecret());
  const transaction = db.transaction("facts", "readwrite", { durability: "strict" });
  const kept = (await transaction.store.get("secret")) as Sealed | undefined;
  if (!kept) await transaction.store.put(made, "secret");
  await transaction.done;
  return vault.openBytes(kept ?? made);
}

/** Before everything is sealed, the row itself is what is in it. */
export function rowOf<Row>(vault: Vault, row: SealedRow): Promise<Row> {
  return vault.open<Row>(row.sealed ?? row);
}

/** Where the readable part of a row lies: in one field, in the whole row, or in a value without a key of its own. */
const READABLE = {
  operations: "opened",
  reports: "sealed",
  followups: "sealed",
  media: "key",
  changes: "data",
  drafts: null,
  draftParts: "bytes",
} as const;

type Store = keyof typeof READABLE;
type Row = Record<string, unknown>;
const STORES = Object.keys(READABLE) as Store[];

/** All of it in one transaction, encrypted before it begins, or nothing: a crash leaves everything as it was. */
export async function sealOld(kept: Database, vault: Vault): Promise<void> {
  if (!(await fact(kept, "unsealed"))) return;
  // The rows of an older app are not of today's shape.
  const db = kept as unknown as IDBPDatabase;
  const sealed: { store: Store; key: IDBValidKey; readable: Sealed }[] = [];
  for (const store of STORES) {
    const [keys, rows] = await Promise.all([db.getAllKeys(store), db.getAll(store)]);
    for (const [at, key] of keys.entries()) {
      const plain = plainOf(store, rows[at]);
      if (plain) sealed.push({ store, key, readable: await sealing(vault, plain) });
    }
  }
  const grant: unknown = await db.get("facts", "mediator");
  const mediator = grant && !(grant instanceof Uint8Array) ? await vault.seal(grant) : null;
  const transaction = db.transaction([...STORES, "facts"], "readwrite", { durability: "strict" });
  const facts = transaction.objectStore("facts");
  for (const { store, key, readable } of sealed) {
    const rows = transaction.objectStore(store);
    // Another tab may have changed the row meanwhile: what is there now is what stays.
    const now: Row | undefined = await rows.get(key);
    const field = READABLE[store];
    if (!now || !plainOf(store, now)) continue;
    if (field === null) await rows.put(readable, key);
    else await rows.put(field === "sealed" ? { id: now.id, sealed: readable } : { ...now, [field]: readable });
  }
  if (mediator) await facts.put(mediator, "mediator");
  await facts.delete("unsealed");
  await transaction.done;
}

function sealing(vault: Vault, plain: unknown): Promise<Sealed> {
  return plain instanceof ArrayBuffer ? vault.sealBytes(new Uint8Array(plain)) : vault.seal(plain);
}

/** The readable part, where it is not sealed yet. */
function plainOf(store: Store, row: unknown): unknown {
  const field = READABLE[store];
  if (field === "sealed") return (row as Row | undefined)?.sealed ? null : row;
  const part = field === null ? row : (row as Row | undefined)?.[field];
  return part instanceof Uint8Array ? null : part;
}
