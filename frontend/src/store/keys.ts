/** What opens a profile that has no lock. */
import { newSecret, type Tokens, tokensOf } from "../model/secrets";
import { type Sealed, Vault } from "../model/vault";
import { fact } from "./facts";
import type { Database } from "./opening";

/** What a profile's person has in hand: the readable half of the database, and who they are to the server. */
export interface Opened {
  vault: Vault;
  tokens: Tokens;
}

/** null while it is locked. */
export async function openedOf(db: Database): Promise<Opened | null> {
  const [ring, secret] = await Promise.all([fact(db, "keys"), fact(db, "secret")]);
  if (!ring || !("plain" in ring)) return null;
  const vault = await Vault.of(ring.plain);
  return { vault, tokens: await tokensOf(await (secret ? vault.openBytes(secret) : makeSecret(db, vault))) };
}

/** At the first opening, once even when two tabs open at once. */
async function makeSecret(db: Database, vault: Vault): Promise<Uint8Array<ArrayBuffer>> {
  const made = await vault.sealBytes(newSecret());
  const transaction = db.transaction("facts", "readwrite", { durability: "strict" });
  const kept = (await transaction.store.get("secret")) as Sealed | undefined;
  if (!kept) await transaction.store.put(made, "secret");
  await transaction.done;
  return vault.openBytes(kept ?? made);
}
