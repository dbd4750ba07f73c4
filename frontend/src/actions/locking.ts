/** The lock of the open profile: set, changed, taken off; and closing it by hand, or when the phone was put away. */
import type { LockKind } from "../model";
import { fact } from "../store/facts";
import { removeLock, setLock, type Tried } from "../store/locking";
import { wipe } from "../store/wiping";
import type { Clock } from "../sync/ports";
import { forgetDraft } from "./drafting";
import { comeAs } from "./people";
import { notify } from "./reporting";
import { refreshEverywhere, session, tabsCalled } from "./session";
import { lock, outbox } from "./signals";
import { spoken } from "./voice";

export const AWAY_MS = 120_000;
/** For a photo one goes to another app, and comes back with what this page alone can take. */
const PHOTO_MS = 600_000;
/** So soon after it was asked for, the page is out of sight for it. */
const SOON_MS = 30_000;
/** A code that is worth something for as long as it takes to replace a key of the mediators. */
export const LEAST_OVER_A_KEY = 6;
/** Reports with which the phone has nothing left to do. */
const OVER = new Set(["answered", "solved", "unconfirmed", "withdrawn"]);

const tabs = tabsCalled("aryk-locks");

/** Sets a code, or another one: then `before` is the present one. */
export async function lockWith(kind: LockKind, code: string, before?: string): Promise<Tried<"done"> | "key"> {
  const { db, vault, profile } = session();
  if (code.length < LEAST_OVER_A_KEY && (await coversKey())) return "key";
  const outcome = await setLock(db, vault, { kind, code, before }, Date.now());
  if (outcome !== "done") return outcome;
  lock.value = kind;
  // Other tabs have the old keys only.
  tabs?.postMessage(profile.id);
  return "done";
}

export async function takeOffLock(code: string): Promise<Tried<"done"> | "key"> {
  if (await coversKey()) return "key";
  const outcome = await removeLock(session().db, code, Date.now());
  if (outcome === "done") lock.value = null;
  return outcome;
}

/** Whether a key of a mediators' group lies under the lock. */
async function coversKey(): Promise<boolean> {
  return (await fact(session().db, "groupKeys")) !== undefined;
}

/** Here and in every other tab of this person; `at` is the screen that is shown then. */
export function lockNow(at?: string): void {
  const { id } = session().profile;
  tabs?.postMessage(id);
  void comeAs(id, at);
}

let photoAsked = 0;

/** The camera, or the gallery, is about to open. */
export function goForPhoto(): void {
  photoAsked = Date.now();
}

/** From now on: locks when the page was out of sight for two minutes, for a photo ten, or when another tab says so. */
export function watchAway(clock: Clock): void {
  // Another tab that is looked at is nobody's who went away.
  const lockHere = () => void comeAs(session().profile.id);
  let since: number | null = null;
  let most = AWAY_MS;
  let takeBack = () => {};
  document.addEventListener("visibilitychange", () => {
    takeBack();
    // Also where the browser let no timer run, or the clock was set back meanwhile.
    if (since !== null && lock.value && !isShort(clock.now() - since, most)) return lockHere();
    since = document.visibilityState === "hidden" ? clock.now() : null;
    if (since === null) return;
    most = isShort(since - photoAsked, SOON_MS) ? PHOTO_MS : AWAY_MS;
    takeBack = clock.after(most, () => void away());
  });
  const away = async () => {
    // Who speaks while the screen is off is not cut short: three minutes at the most, and then it locks.
    await spoken();
    if (since !== null && lock.value) lockHere();
  };
  tabs?.addEventListener("message", ({ data }) => {
    if (data === session().profile.id) void comeAs(data);
  });
}

function isShort(milliseconds: number, most: number): boolean {
  return milliseconds >= 0 && milliseconds < most;
}

/** Those that can be taken off the phone. */
export function answered(): string[] {
  return outbox.value.filter(({ state }) => OVER.has(state)).map(({ id }) => id);
}

/** Takes the readable copies of what was answered off this phone, and lets no message come of them any more; resolves to how many. */
export async function wipeAnswered(): Promise<number> {
  const before = outbox.value;
  const gone = await wipe(session().db, answered());
  gone.forEach(forgetDraft);
  for (const card of before) if (card.notify && gone.includes(card.id)) await notify(card.id, null);
  await refreshEverywhere();
  return gone.length;
}
