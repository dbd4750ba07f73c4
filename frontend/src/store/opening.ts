/** One registry of the profiles on this phone, and one database for each of them. */
import type { DBSchema } from "idb";
import type { Profile } from "../model";
import { uuid7 } from "../model/uuid7";
import { openDB as fromBrowser, type Kept, type Opening } from "./browser";
import { type Shape, STEPS } from "./migrations";

export type Database = Kept<Shape>;

interface Registry extends DBSchema {
  profiles: { key: string; value: Profile };
}

const REGISTRY = "aryk";

let openDB: Opening = fromBrowser;

/** From now on, where the browser opens nothing. */
export function openWith(other: Opening): void {
  openDB = other;
}

/** The profiles on this phone, the oldest first. */
export async function profiles(): Promise<Profile[]> {
  const registry = await openRegistry();
  try {
    return byAge(await registry.getAll("profiles"));
  } finally {
    registry.close();
  }
}

/** As `profiles`; the first one is made here where there is none, without a network. */
export async function anyProfiles(now: number): Promise<[Profile, ...Profile[]]> {
  const registry = await openRegistry();
  try {
    // At every start but the first one nothing has to be written.
    const [first, ...more] = byAge(await registry.getAll("profiles"));
    return first ? [first, ...more] : [await makeFirst(registry, now)];
  } finally {
    registry.close();
  }
}

/** The phone's oldest profile, made where there is none. */
export async function ownProfile(now: number): Promise<Profile> {
  return (await anyProfiles(now))[0];
}

/** In one transaction that looks first, so that two tabs opened at once do not make two people of one. */
async function makeFirst(registry: Kept<Registry>, now: number): Promise<Profile> {
  const transaction = registry.transaction("profiles", "readwrite", { durability: "strict" });
  const [there] = byAge(await transaction.store.getAll());
  const profile = there ?? { id: uuid7(now), createdAt: now };
  if (!there) await transaction.store.add(profile);
  await transaction.done;
  return profile;
}

function byAge(kept: Profile[]): Profile[] {
  return kept.sort((one, other) => one.createdAt - other.createdAt);
}

/** Another person begins. */
export async function addProfile(now: number): Promise<Profile> {
  const registry = await openRegistry();
  try {
    const profile = { id: uuid7(now), createdAt: now };
    await registry.add("profiles", profile);
    return profile;
  } finally {
    registry.close();
  }
}

function openRegistry(): Promise<Kept<Registry>> {
  return openDB<Registry>(REGISTRY, 1, {
    upgrade: (db) => {
      db.createObjectStore("profiles", { keyPath: "id" });
    },
  });
}

/** Opens a profile's database at the newest step. `gone`: before a newer app gets it, or when the browser closed it behind our back. */
export function openProfile(id: string, gone: () => unknown = () => undefined): Promise<Database> {
  return openDB<Shape>(`aryk-${id}`, STEPS.length, {
    upgrade: (db, from, _to, transaction) => {
      for (const step of STEPS.slice(from)) step(db, transaction);
    },
    // A newer app in another tab waits for what is being written, and for nothing else.
    blocking: async (_now, _next, event) => {
      await gone();
      (event.target as IDBDatabase).close();
    },
    terminated: () => void gone(),
  });
}
