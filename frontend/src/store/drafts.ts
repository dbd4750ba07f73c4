/** The report being written, kept at every keystroke. Photos are written once, not with every letter. */
import type { Draft } from "../model";
import type { KeptPhoto } from "./migrations";
import type { Database } from "./opening";

const ONLY = "report";

export interface PhotoToKeep {
  id: string;
  /** Asked only for one that is not kept yet. */
  read(): Promise<KeptPhoto>;
}

export async function putDraft(db: Database, draft: Draft, photos: PhotoToKeep[]): Promise<void> {
  const kept = new Set(await db.getAllKeys("draftPhotos"));
  const added = await Promise.all(photos.filter(({ id }) => !kept.has(id)).map((photo) => photo.read()));
  const photoIds = photos.map(({ id }) => id);
  const transaction = db.transaction(["drafts", "draftPhotos"], "readwrite");
  const writes: Promise<unknown>[] = [transaction.objectStore("drafts").put(draft, ONLY)];
  for (const one of added) writes.push(transaction.objectStore("draftPhotos").put(one));
  for (const id of kept) if (!photoIds.includes(id)) writes.push(transaction.objectStore("draftPhotos").delete(id));
  await Promise.all([...writes, transaction.done]);
}

export async function getDraft(db: Database): Promise<{ draft: Draft; photos: KeptPhoto[] } | null> {
  const draft = await db.get("drafts", ONLY);
  // Ids carry their time, so the order is the one in which the photos were taken.
  return draft ? { draft, photos: await db.getAll("draftPhotos") } : null;
}

export async function dropDraft(db: Database): Promise<void> {
  const transaction = db.transaction(["drafts", "draftPhotos"], "readwrite");
  await Promise.all([
    transaction.objectStore("drafts").clear(),
    transaction.objectStore("draftPhotos").clear(),
    transaction.done,
  ]);
}
