/** Sending and asking while a page is open: when, how often, and what the screens are shown of it. */
import type { Profile } from "../model";
import { netAt } from "../net/asking";
import { chance, clock, locks, onMobileData } from "../net/surroundings";
import { fact } from "../store/facts";
import { type Database, openProfile } from "../store/opening";
import { lostKeys, sealAgain } from "../store/saving";
import { askAgain, storageOf } from "../store/syncing";
import { Loop, type LoopState } from "../sync/loop";
import type { Parts } from "../sync/ports";
import { refreshReference } from "./choosing";
import { putDown } from "./drafting";
import { giveBack } from "./giving-back";
import { isOpen, refreshEverywhere, session } from "./session";
import { hearOffices } from "./showing";
import { connection, mediator, outbox } from "./signals";

/** How soon again, while something is missing or somebody waits. */
export const SOON_MS = 20_000;
const NOW_AND_THEN_MS = 120_000;
const SETTLED = new Set(["solved", "withdrawn", "needs_attention"]);

/** Whose page this is. While it is locked, what waits is sent without a bearer, and nothing is asked for. */
export interface Present {
  profile: Profile;
  db: Database;
  parts: Parts;
  loop: Loop;
}

/** Sends and asks at once. */
export async function syncNow(): Promise<void> {
  await session().wake();
}

export async function presentOf(profile: Profile): Promise<Present> {
  // A newer app in another tab needs the database: this one starts anew with it, once it has put down what is in its hands.
  const db = await openProfile(profile.id, () => putDown().then(() => location.reload()));
  const storage = storageOf(db, null, onMobileData);
  const parts: Parts = {
    clock,
    net: netAt(location.origin),
    storage,
    chance,
    locks,
    bearer: null,
    profileId: profile.id,
  };
  return { profile, db, parts, loop: new Loop(parts, { changed: (state) => void looped(state), pollMs }) };
}

/** A phone that has said nothing has nothing to hear: who only opens the app is not known to the server. */
export async function awaken({ db, parts, loop }: Present): Promise<void> {
  if (isOpen()) await askAgain(db).catch(() => undefined);
  if (isOpen() ? !(await silent(db)) : (await parts.storage.nextDue()) !== null) await loop.wake();
}

async function silent(db: Database): Promise<boolean> {
  if (outbox.value.length > 0 || mediator.value) return false;
  return !(await fact(db, "cursor")) && !(await fact(db, "givingBack"));
}

/** How far the server had told what the screens show. */
let shownUpTo: unknown = null;

/** What is kept is read anew only where it may have changed: opening a mediator's thousand cases again holds up what a finger scrolls. */
async function looped(state: LoopState): Promise<void> {
  connection.value = { ...connection.value, state };
  if (!isOpen()) return;
  const { db, vault } = session();
  const [cursor, lastSyncMs = null] = await Promise.all([fact(db, "cursor"), fact(db, "lastSyncMs")]);
  if (connection.value.waiting || cursor !== shownUpTo) {
    shownUpTo = cursor;
    await refreshEverywhere();
  } else connection.value = { ...connection.value, lastSyncMs };
  if (state !== "idle") return;
  // A round that began under the lock may have ended since, and so may the worker's.
  await askAgain(db);
  await giveBack();
  if (await lostKeys(db)) {
    await refreshReference(true);
    if (await sealAgain(db, vault)) await syncNow();
  }
  await hearOffices();
}

/** Soon while somebody waits for news or follows cases, else now and then; not at all while nobody looks, or there is nothing to hear of. */
function pollMs(): number | null {
  if (document.visibilityState !== "visible" || !isOpen()) return null;
  if (outbox.value.some(({ state }) => !SETTLED.has(state))) return SOON_MS;
  if (mediator.value) return SOON_MS;
  return outbox.value.length > 0 ? NOW_AND_THEN_MS : null;
}
