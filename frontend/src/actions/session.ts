/** The open profile: set once at the start, used by every action. */
import type { Profile } from "../model";
import { fact } from "../store/facts";
import type { Opened } from "../store/keys";
import type { Database } from "../store/opening";
import { shown } from "../store/reading";
import { cases, connection, mediator, outbox, strays } from "./signals";

export interface Session extends Opened {
  profile: Profile;
  db: Database;
  /** Sends what is there; returns when the round is over. */
  wake(): Promise<void>;
}

const CHANGED = "changed";

let open: Session | null = null;
const tabs = tabsCalled("aryk");

/** The other tabs; null where a browser has no way to them, or forbids it with everything else that could keep something. */
export function tabsCalled(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}

/** `also`: what is read anew too, once another tab has changed something. */
export function setSession(session: Session, also?: () => unknown): void {
  if (!open) tabs?.addEventListener("message", ({ data }) => data === CHANGED && void refresh().then(also));
  open = session;
}

export function isOpen(): boolean {
  return open !== null;
}

/** Throws when nothing can be kept here; the screens have said so by then. */
export function session(): Session {
  if (!open) throw new Error("There is no open profile.");
  return open;
}

let [begun, past] = [0, 0];

/** Shows what is kept now; nothing where one that began later has shown it already. */
export async function refresh(): Promise<void> {
  const turn = ++begun;
  const { db, vault } = session();
  // The worker, or another tab, may have been the one that sent.
  const [now, lastSyncMs] = await Promise.all([shown(db, vault), fact(db, "lastSyncMs")]);
  if (turn < past) return;
  past = turn;
  mediator.value = now.mediator;
  outbox.value = now.cards;
  cases.value = now.cases;
  strays.value = now.strays;
  connection.value = { ...connection.value, waiting: now.waiting, lastSyncMs: lastSyncMs ?? null };
}

/** Here and in the other tabs. */
export async function refreshEverywhere(): Promise<void> {
  tabs?.postMessage(CHANGED);
  await refresh();
}
