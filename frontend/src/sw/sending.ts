/**
 * A round for every profile of this phone that has something to send, without a page: the same sync as in the page. Who has
 * nothing asks for nothing: a round trip is dear, and a page that is open may have sent it already.
 */
import type { Profile } from "../model";
import { netAt } from "../net/asking";
import { chance, clock, locks, onMobileData } from "../net/surroundings";
import { CARRIED, carriedStorage, openCarried } from "../store/carried";
import { openedOf } from "../store/keys";
import { openProfile, profiles } from "../store/opening";
import { storageOf } from "../store/syncing";
import { Link, round } from "../sync/rounds";

/** Throws while something is still to be sent, so that the browser tries again. */
export async function sendAll(origin: string): Promise<void> {
  let unsent = await sendOwn(origin);
  if (await carry(origin)) unsent = true;
  new BroadcastChannel("aryk").postMessage("changed");
  if (unsent) throw new Error("Unsent.");
}

/** What each profile has to send, but for the one whose page does so itself; true while some of it is still here. */
export async function sendOwn(origin: string, except?: string): Promise<boolean> {
  let unsent = false;
  for (const profile of await profiles()) {
    // A database that cannot be opened, or is full, holds up nobody else's.
    if (profile.id !== except && (await sendFor(origin, profile).catch(() => true))) unsent = true;
  }
  return unsent;
}

async function sendFor(origin: string, profile: Profile): Promise<boolean> {
  const db = await openProfile(profile.id);
  try {
    if ((await storageOf(db, null, onMobileData).nextDue()) === null) return false;
    const opened = await openedOf(db);
    const storage = storageOf(db, opened?.vault ?? null, onMobileData);
    // A locked profile sends like a stranger who carries for it.
    const bearer = opened?.tokens.read ?? null;
    await round({ clock, net: netAt(origin), storage, chance, locks, bearer, profileId: profile.id }, new Link());
    return (await storage.nextDue()) !== null;
  } finally {
    db.close();
  }
}

/** What this phone carries for others; true while some of it is still here. */
async function carry(origin: string): Promise<boolean> {
  const db = await openCarried();
  try {
    const storage = carriedStorage(db);
    if ((await storage.nextDue()) === null) return false;
    const parts = { clock, net: netAt(origin), storage, chance, locks, bearer: null, profileId: CARRIED };
    // A few megabytes each.
    while ((await round(parts, new Link())).outcome === "done" && (await storage.nextDue()) === 0);
    return (await storage.nextDue()) !== null;
  } finally {
    db.close();
  }
}
