/**
 * A round for every profile of this phone that has something to send, without a page: the same sync as in the page. Who has
 * nothing asks for nothing: a round trip is dear, and a page that is open may have sent it already.
 */
import { tokensOf } from "../model/secrets";
import { netAt } from "../net/asking";
import { chance, clock, locks, onMobileData } from "../net/surroundings";
import { CARRIED, carriedStorage, openCarried } from "../store/carried";
import { openProfile, profiles } from "../store/opening";
import { storageOf } from "../store/syncing";
import { Link, round } from "../sync/rounds";

/** Throws while something is still to be sent, so that the browser tries again. */
export async function sendAll(origin: string): Promise<void> {
  let unsent = false;
  for (const profile of await profiles()) {
    const db = await openProfile(profile.id);
    try {
      const storage = storageOf(db, onMobileData);
      if ((await storage.nextDue()) === null) continue;
      const { read: bearer } = await tokensOf(profile.secret);
      const parts = { clock, net: netAt(origin), storage, chance, locks, bearer, profileId: profile.id };
      await round(parts, new Link());
      unsent ||= (await storage.nextDue()) !== null;
    } finally {
      db.close();
    }
  }
  if (await carry(origin)) unsent = true;
  new BroadcastChannel("aryk").postMessage("changed");
  if (unsent) throw new Error("Not everything is sent yet.");
}

/** What this phone carries for others; true while some of it is still here. */
async function carry(origin: string): Promise<boolean> {
  const db = await openCarried();
  try {
    const storage = carriedStorage(db);
    if ((await storage.nextDue()) === null) return false;
    await round({ clock, net: netAt(origin), storage, chance, locks, bearer: null, profileId: CARRIED }, new Link());
    return (await storage.nextDue()) !== null;
  } finally {
    db.close();
  }
}
