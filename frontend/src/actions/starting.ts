/** The start: open what is kept, speak, show, then send and ask. Nothing waits for the network but words other than the first. */
import { FIRST_LANGUAGE, language, phoneLanguage, speak } from "../i18n";
import type { Language, Profile } from "../model";
import { netAt } from "../net/asking";
import { chance, clock, linkOf, locks, onMobileData } from "../net/surroundings";
import { fact, keepFact } from "../store/facts";
import { type Opened, openedOf } from "../store/keys";
import { pauseMs, type Tried, unlock } from "../store/locking";
import { type Database, openProfile, openWith } from "../store/opening";
import { lostKeys, sealAgain } from "../store/saving";
import { askAgain, storageOf } from "../store/syncing";
import { sendOwn } from "../sw/sending";
import { Loop, type LoopState } from "../sync/loop";
import type { Parts } from "../sync/ports";
import { startCarrying } from "./carrying";
import { loadReference, refreshReference } from "./choosing";
import { putDown } from "./drafting";
import { giveBack } from "./giving-back";
import { holdRoom, holdWords, sendWhenClosed } from "./holding";
import { keptBefore, watchUse } from "./keeping";
import { watchAway } from "./locking";
import { everybody, whoIsHere } from "./people";
import { isOpen, refresh, refreshEverywhere, session, setSession } from "./session";
import { hearOffices } from "./showing";
import {
  connection,
  gate,
  held,
  lock,
  mediator,
  mobileData,
  newer,
  outbox,
  photosOnWifi,
  ready,
  storageTrouble,
} from "./signals";

/** Longer than that nobody looks at an empty page. */
const WORDS_MS = 8_000;
const SOON_MS = 20_000;
const NOW_AND_THEN_MS = 120_000;
const SETTLED = new Set(["solved", "withdrawn", "needs_attention"]);

/** Whose page this is. While it is locked, what waits is sent without a bearer, and nothing is asked for. */
interface Present {
  profile: Profile;
  db: Database;
  parts: Parts;
  loop: Loop;
}

let present: Present | null = null;

/** Resolves when the first screen can be shown. */
export async function start(): Promise<void> {
  try {
    await meet().catch(keepNothing);
  } catch (trouble) {
    // What is kept is whole; only a newer app can read it.
    storageTrouble.value = (trouble as Error).name === "VersionError" ? "newer" : "unavailable";
    await speak(FIRST_LANGUAGE);
    return;
  }
  void getReady();
  wake();
  // What is carried for others goes on whenever the app is open.
  startCarrying().catch(() => undefined);
  watchTheWorld();
}

/** The browser keeps nothing: every screen says so, and what is said goes the same road from the memory of this page. */
async function keepNothing(trouble: Error): Promise<void> {
  if (trouble.name === "VersionError") throw trouble;
  storageTrouble.value = "unavailable";
  const memory = await import("../store/memory");
  memory.standIn();
  openWith(memory.openInMemory);
  await meet();
  addEventListener("beforeunload", (event) => {
    if (connection.value.waiting) event.returnValue = "";
  });
}

/** Opens what has no lock; where somebody has to say something first, the gate says what. */
async function meet(): Promise<void> {
  const profile = await whoIsHere(Date.now());
  if (profile) {
    present = await presentOf(profile);
    const opened = await openedOf(present.db, profile);
    if (opened) return enter(present, opened);
  }
  const people = await everybody();
  gate.value = { people, chosen: people.find(({ id }) => id === profile?.id) ?? null };
  await inWords(people[gate.value.chosen?.place ?? 0]?.language);
}

/** Tries to open the lock; "wait" while wrong ones cost a pause. */
export async function unlockWith(code: string): Promise<Tried<"done">> {
  if (!present) return "wrong";
  const opened = await unlock(present.db, code, Date.now());
  if (typeof opened === "string") return opened;
  // It may have been chosen before the lock. A phone too full for it opens all the same.
  await keepFact(present.db, "language", language.value).catch(() => undefined);
  await enter(present, opened);
  gate.value = null;
  wake();
  return "done";
}

/** How long the next try has to wait. */
export async function pauseLeft(): Promise<number> {
  return present ? pauseMs(present.db, Date.now()) : 0;
}

async function enter(here: Present, opened: Opened): Promise<void> {
  const { profile, db, parts } = here;
  parts.bearer = opened.tokens.read;
  parts.storage = storageOf(db, opened.vault, onMobileData);
  setSession({ ...opened, profile, db, wake: () => awaken(here) });
  // Each waits for the database's process and not for the others: the first screen is drawn after the slowest, not after their sum.
  const [keys, onWifi, begun] = await Promise.all([
    fact(db, "keys"),
    fact(db, "photosOnWifi"),
    fact(db, "begun"),
    fact(db, "language").then(inWords),
    // Before what is shown is read, and so before it in the database too.
    askAgain(db).catch(() => undefined),
    refresh(),
    loadReference(),
  ]);
  if (!begun) await begin();
  lock.value = keys && "kind" in keys ? keys.kind : null;
  photosOnWifi.value = onWifi ?? false;
  void watchUse();
  if (connection.value.waiting) void sendWhenClosed();
  watchAway(clock);
}

/** This database is new; where something was kept before, the browser has cleared it. */
async function begin(): Promise<void> {
  if (keptBefore()) storageTrouble.value ??= "lost";
  await keepFact(session().db, "begun", true);
}

/** Sends and asks at once. */
export async function syncNow(): Promise<void> {
  await session().wake();
}

async function presentOf(profile: Profile): Promise<Present> {
  // A newer app in another tab needs the database: this one starts anew with it, once it has put down what is in its hands.
  const db = await openProfile(profile.id, () => putDown().then(() => location.reload()));
  const storage = storageOf(db, null, onMobileData);
  const net = netAt(location.origin);
  const parts: Parts = { clock, net, storage, chance, locks, bearer: null, profileId: profile.id };
  return { profile, db, parts, loop: new Loop(parts, { changed: (state) => void looped(state), pollMs }) };
}

/** Everybody's turn: whose page it is, and the others, whose own pages are closed. */
function wake(): void {
  if (present) void awaken(present);
  sendOwn(location.origin, present?.profile.id).catch(() => undefined);
}

/** A phone that has said nothing has nothing to hear: who only opens the app is not known to the server. */
async function awaken({ db, parts, loop }: Present): Promise<void> {
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
  await giveBack();
  const stale = await lostKeys(db);
  await refreshReference({ stale });
  if (stale && (await sealAgain(db, vault))) await syncNow();
  if (!photosOnWifi.value || !onMobileData()) await hearOffices().catch(() => undefined);
}

/** Soon while somebody waits for news, now and then for a mediator, else when the person comes back. */
function pollMs(): number | null {
  if (document.visibilityState !== "visible" || !isOpen()) return null;
  if (outbox.value.some(({ state }) => !SETTLED.has(state))) return SOON_MS;
  return mediator.value ? SOON_MS : NOW_AND_THEN_MS;
}

/** The chosen language, else the phone's own; the one that needs no network where its words do not come. */
async function inWords(chosen?: Language): Promise<void> {
  await speak(FIRST_LANGUAGE);
  const spoken = speak(chosen ?? phoneLanguage()).catch(() => undefined);
  await Promise.race([spoken, new Promise<void>((enough) => clock.after(WORDS_MS, enough))]);
}

function watchTheWorld(): void {
  addEventListener("online", () => {
    void getReady();
    wake();
  });
  addEventListener("offline", wake);
  const look = () => {
    mobileData.value = linkOf()?.type ? onMobileData() : null;
  };
  look();
  linkOf()?.addEventListener("change", () => {
    look();
    wake();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
}

let again: ReturnType<typeof setTimeout> | undefined;

/** Fetches what the phone needs to be offline; tried anew until it is there, since nothing can be reported before. */
async function getReady(): Promise<void> {
  clearTimeout(again);
  await Promise.all([held.value || register(), isOpen() && refreshReference()]);
  clearTimeout(again);
  if (!(isOpen() ? ready.value : held.value)) again = setTimeout(() => void getReady(), SOON_MS);
}

async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const worker = await navigator.serviceWorker.register("/serviceworker.js", { scope: "/" });
    const look = () => {
      newer.value = worker.waiting !== null;
      worker.installing?.addEventListener("statechange", look);
    };
    worker.onupdatefound = look;
    look();
    await holdWords(language.value);
    held.value = true;
    if (mediator.value) holdRoom();
  } catch {
    // Without the worker everything but the offline start still works.
  }
}
