/** The start: open what is kept, speak, show, then send and ask. Nothing waits for the network but words other than the first. */
import { FIRST_LANGUAGE, language, speak } from "../i18n";
import type { Language } from "../model";
import { tokensOf } from "../model/secrets";
import { netAt } from "../net/asking";
import { chance, clock, linkOf, locks, onMobileData } from "../net/surroundings";
import { fact, keepFact } from "../store/facts";
import { openProfile, ownProfile } from "../store/opening";
import { lostKeys, sealAgain } from "../store/saving";
import { storageOf } from "../store/syncing";
import { Loop, type LoopState } from "../sync/loop";
import { startCarrying } from "./carrying";
import { loadReference, refreshReference } from "./choosing";
import { holdRoom, holdWords, sendWhenClosed } from "./holding";
import { keptBefore, watchUse } from "./keeping";
import { giveBack } from "./mediating";
import { refresh, refreshEverywhere, type Session, session, setSession } from "./session";
import { connection, held, mediator, mobileData, outbox, photosOnWifi, ready, storageTrouble } from "./signals";

const SOON_MS = 20_000;
const NOW_AND_THEN_MS = 120_000;
const SETTLED = new Set(["solved", "withdrawn", "needs_attention"]);

/** Resolves when the first screen can be shown. */
export async function start(): Promise<void> {
  try {
    await openSession();
  } catch (trouble) {
    // What is kept is whole; only a newer app can read it.
    storageTrouble.value = (trouble as Error).name === "VersionError" ? "newer" : "unavailable";
    await speak(FIRST_LANGUAGE);
    return;
  }
  const { db } = session();
  if (!(await fact(db, "begun"))) await begin();
  const chosen = (await fact(db, "language")) ?? FIRST_LANGUAGE;
  await Promise.all([inWords(chosen), refresh(), loadReference()]);
  mediator.value = (await fact(db, "mediator")) ?? null;
  photosOnWifi.value = (await fact(db, "photosOnWifi")) ?? false;
  void getReady();
  void syncNow();
  void watchUse();
  if (connection.value.waiting) void sendWhenClosed();
  // What is carried for others goes on whenever the app is open.
  startCarrying().catch(() => undefined);
  watchTheWorld();
}

/** This database is new; where something was kept before, the browser has cleared it. */
async function begin(): Promise<void> {
  if (keptBefore()) storageTrouble.value = "lost";
  await keepFact(session().db, "begun", true);
}

/** Sends and asks at once. */
export async function syncNow(): Promise<void> {
  await session().wake();
}

async function openSession(): Promise<void> {
  const profile = await ownProfile(Date.now());
  // A newer app in another tab needs the database: this one starts anew with it.
  const db = await openProfile(profile.id, () => location.reload());
  const tokens = await tokensOf(profile.secret);
  const loop = new Loop(
    {
      clock,
      net: netAt(location.origin),
      storage: storageOf(db, onMobileData),
      chance,
      locks,
      bearer: tokens.read,
      profileId: profile.id,
    },
    { changed: (state) => void looped(state), pollMs },
  );
  const opened: Session = { profile, tokens, db, wake: () => awaken(loop) };
  setSession(opened);
}

/** A phone that has said nothing has nothing to hear: who only opens the app is not known to the server. */
async function awaken(loop: Loop): Promise<void> {
  if (!(await silent())) await loop.wake();
}

async function silent(): Promise<boolean> {
  if (outbox.value.length > 0 || mediator.value) return false;
  const { db } = session();
  return !(await fact(db, "cursor")) && !(await fact(db, "givingBack"));
}

async function looped(state: LoopState): Promise<void> {
  connection.value = { ...connection.value, state };
  await refreshEverywhere();
  if (state !== "idle") return;
  await giveBack();
  const { db } = session();
  const stale = await lostKeys(db);
  await refreshReference({ stale });
  if (stale && (await sealAgain(db))) await syncNow();
}

/** Soon while somebody waits for news, now and then for a mediator, else when the person comes back. */
function pollMs(): number | null {
  if (document.visibilityState !== "visible") return null;
  if (outbox.value.some(({ state }) => !SETTLED.has(state))) return SOON_MS;
  return mediator.value ? SOON_MS : NOW_AND_THEN_MS;
}

/** The chosen language; the first one where its words were lost and cannot be fetched. */
async function inWords(chosen: Language): Promise<void> {
  try {
    await speak(chosen);
  } catch {
    await speak(FIRST_LANGUAGE);
  }
  document.documentElement.lang = language.value;
}

function watchTheWorld(): void {
  const wake = () => void session().wake();
  addEventListener("online", () => {
    void getReady();
    wake();
  });
  addEventListener("offline", wake);
  mobileData.value = onMobileData();
  linkOf()?.addEventListener("change", () => {
    mobileData.value = onMobileData();
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
  await Promise.all([held.value || register(), refreshReference()]);
  clearTimeout(again);
  if (!ready.value) again = setTimeout(() => void getReady(), SOON_MS);
}

async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/serviceworker.js", { scope: "/" });
    await holdWords(language.value);
    held.value = true;
    if (mediator.value) holdRoom();
  } catch {
    // Without the worker everything but the offline start still works.
  }
}
