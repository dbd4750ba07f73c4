/** Carrying for others: sealed files and pictures come in, wait here, and are sent on like everybody's own. Needs no profile. */
import { BadFile, type Load, MOST_BYTES, pack, parted, unpack } from "../model/handed";
import { netAt } from "../net/asking";
import { chance, clock, locks } from "../net/surroundings";
import { signal } from "../signals";
import {
  CARRIED,
  type CarriedDatabase,
  type Carrying,
  carriedLoad,
  carriedStorage,
  carrying,
  dropOld,
  NoRoom,
  openCarried,
  take,
} from "../store/carried";
import { Loop } from "../sync/loop";

/** What is carried now; null until it was looked up. */
export const carried = signal<Carrying | null>(null);

export type Taken = "taken" | "foreign" | "newer" | "damaged" | "too_much" | "no_room" | "not_kept";

interface Carrier {
  db: CarriedDatabase;
  loop: Loop;
}

let carrier: Promise<Carrier> | null = null;

/** Opens what is carried and begins to send it; where nothing can be kept it throws. */
export function startCarrying(): Promise<Carrier> {
  carrier ??= opened();
  carrier.catch(() => {
    carrier = null;
  });
  return carrier;
}

let watching = false;

async function opened(): Promise<Carrier> {
  // What the browser cleared, or a newer app needed, is opened anew when it is wanted again.
  const db = await openCarried(() => {
    carrier = null;
  });
  await dropOld(db).catch(() => undefined);
  const watch = { changed: () => void look(db), pollMs: () => null };
  const storage = carriedStorage(db);
  const parts = { clock, net: netAt(location.origin), storage, chance, locks, bearer: null, profileId: CARRIED };
  const loop = new Loop(parts, watch);
  if (!watching) {
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
  }
  watching = true;
  void wake();
  return { db, loop };
}

async function wake(): Promise<void> {
  try {
    const { db, loop } = await startCarrying();
    await look(db);
    if (busy()) await loop.wake();
  } catch {
    // Nothing can be kept here any more: who brings a file is told.
  }
}

/** One that was closed meanwhile says nothing more. */
async function look(db: CarriedDatabase): Promise<void> {
  carried.value = await carrying(db).catch(() => carried.value);
}

function busy(): boolean {
  return carried.value !== null && carried.value.envelopes + carried.value.media > 0;
}

/** Takes a file in; says what is wrong with it where it is refused. Then it is refused whole, and nothing is lost. */
export async function takeFile(file: File): Promise<Taken> {
  if (file.size > MOST_BYTES) return "too_much";
  return takeLoad(async () => unpack(new Uint8Array(await file.arrayBuffer())));
}

/** As `takeFile`: a file that came as pictures. */
export function takeBytes(file: Uint8Array<ArrayBuffer>): Promise<Taken> {
  return takeLoad(() => unpack(file));
}

async function takeLoad(load: () => Promise<Load>): Promise<Taken> {
  try {
    const read = await load();
    const { db, loop } = await startCarrying();
    await take(db, read);
    await look(db);
    void loop.wake();
    return "taken";
  } catch (trouble) {
    if (trouble instanceof BadFile) return trouble.reason;
    return trouble instanceof NoRoom ? "no_room" : "not_kept";
  }
}

/** Everything that is carried, handed on to the next carrier. */
export async function handOn(): Promise<boolean> {
  return give(await carriedLoad((await startCarrying()).db));
}

/** Gives it away as files: to another app where the browser can, else into the downloads. False when the person changed their mind. */
export async function give(load: Load): Promise<boolean> {
  const files: File[] = [];
  // A name that says nothing of whom or when.
  for (const one of parted(load))
    files.push(new File([await pack(one)], `aryk-${files.length + 1}.aryk`, { type: "application/octet-stream" }));
  if (navigator.canShare?.({ files })) {
    try {
      await navigator.share({ files });
      return true;
    } catch (trouble) {
      if ((trouble as Error).name === "AbortError") return false;
      // Not every phone that says so shares files of this kind: then it is downloaded.
    }
  }
  for (const file of files) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  return true;
}
