/** The reports being written, kept at every keystroke. What is large is written once, not with every letter. */
import type { IDBPObjectStore, StoreNames } from "idb";
import type { Draft } from "../model";
import type { Sealed, Vault } from "../model/vault";
import type { DraftPart, Shape } from "./migrations";
import type { Database } from "./opening";

export async function putDraft(db: Database, vault: Vault, draft: Draft): Promise<void> {
  await db.put("drafts", await vault.seal(draft), draft.id);
}

export async function putPart(db: Database, vault: Vault, part: DraftPart): Promise<void> {
  await db.put("draftParts", { ...part, bytes: await vault.sealBytes(part.bytes) });
}

/** All that can be opened, the one that was touched last first. */
export async function getDrafts(db: Database, vault: Vault): Promise<Draft[]> {
  const open = (sealed: Sealed) => vault.open<Draft>(sealed).catch(() => []);
  const all = (await Promise.all((await db.getAll("drafts")).map(open))).flat();
  return all.sort((one, other) => other.editedAt - one.editedAt);
}

/** Ids carry their time, so the order is the one in which photos were taken and words were said. `missed` is told of each that cannot be read any more. */
export async function partsOf(db: Database, vault: Vault, draft: string, missed = () => {}): Promise<DraftPart[]> {
  const open = async (found: DraftPart | Promise<DraftPart | undefined>): Promise<DraftPart[]> => {
    try {
      const part = await found;
      return part ? [{ ...part, bytes: await vault.openBytes(part.bytes) }] : [];
    } catch {
      missed();
      return [];
    }
  };
  const each = async () => {
    const keys = await db.transaction("draftParts").store.index("draft").getAllKeys(draft);
    return keys.map((key) => db.get("draftParts", key));
  };
  // One whose bytes the disk has lost fails them all.
  const all = await db.getAllFromIndex("draftParts", "draft", draft).catch(each);
  return (await Promise.all(all.map(open))).flat();
}

/** Forgets one photo or recording. */
export async function dropMedium(db: Database, id: string): Promise<void> {
  await db.delete("draftParts", IDBKeyRange.bound([id], [id, []]));
}

export async function dropDraft(db: Database, id: string): Promise<void> {
  const transaction = db.transaction(["drafts", "draftParts"], "readwrite");
  const drops = await dropping(transaction.objectStore("drafts"), transaction.objectStore("draftParts"), id);
  await Promise.all([...drops, transaction.done]);
}

type Within = ArrayLike<StoreNames<Shape>>;
type Store<In extends Within, Name extends "drafts" | "draftParts"> = IDBPObjectStore<Shape, In, Name, "readwrite">;

/** The same in a transaction that does more. */
export async function dropping<In extends Within>(
  drafts: Store<In, "drafts">,
  parts: Store<In, "draftParts">,
  id: string,
): Promise<Promise<unknown>[]> {
  const keys = await parts.index("draft").getAllKeys(id);
  return [drafts.delete(id), ...keys.map((key) => parts.delete(key))];
}
