/** The start: open what is kept, speak, show, then send and ask. Nothing waits for the network but words other than the first. */
import { FIRST_LANGUAGE, language, phoneLanguage, speak } from "../i18n";
import type { Language } from "../model";
import { clock, onMobileData } from "../net/surroundings";
import { fact, keepFact } from "../store/facts";
import { type Opened, openedOf } from "../store/keys";
import { pauseMs, type Tried, unlock } from "../store/locking";
import { openWith } from "../store/opening";
import { storageOf } from "../store/syncing";
import { sendOwn } from "../sw/sending";
import { startCarrying } from "./carrying";
import { loadReference } from "./choosing";
import { loadDrafts } from "./drafting";
import { sendWhenClosed } from "./holding";
import { keptBefore, watchUse } from "./keeping";
import { watchAway } from "./locking";
import { everybody, whoIsHere } from "./people";
import { refresh, session, setSession } from "./session";
import { connection, drafts, gate, lock, photosOnWifi, storageTrouble } from "./signals";
import { awaken, type Present, presentOf } from "./turns";
import { getReady, watchTheWorld } from "./watching";

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
  // The first screen does not wait for it.
  clock.after(0, () => {
    wake();
    // What is carried for others goes on whenever the app is open.
    startCarrying().catch(() => undefined);
    watchTheWorld(wake);
  });
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
    if (connection.value.waiting || drafts.value.length || memory.holds("draftParts")) event.returnValue = true;
  });
}

/** Opens what has no lock; where somebody has to say something first, the gate says what. */
async function meet(): Promise<void> {
  const profile = await whoIsHere(Date.now());
  if (profile) {
    present = await presentOf(profile);
    const opened = await openedOf(present.db);
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
  if (language.value !== unchosen) await keepFact(present.db, "language", language.value).catch(() => undefined);
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
  setSession({ ...opened, profile, db, wake: () => awaken(here) }, loadDrafts);
  // Each waits for the database's process and not for the others: the first screen is drawn after the slowest, not after their sum.
  const [keys, onWifi, begun] = await Promise.all([
    fact(db, "keys"),
    fact(db, "photosOnWifi"),
    fact(db, "begun"),
    fact(db, "language").then(inWords),
    refresh(),
    loadReference(),
    loadDrafts(),
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

/** Everybody's turn: whose page it is, and the others, whose own pages are closed; and what the phone needs may be had. */
function wake(): void {
  void getReady();
  if (present) void awaken(present);
  sendOwn(location.origin, present?.profile.id).catch(() => undefined);
}

/** Longer than that nobody looks at an empty page. */
const WORDS_MS = 8_000;

/** What is spoken as long as nobody chooses another language. */
let unchosen: Language = FIRST_LANGUAGE;

/** The chosen language, else the phone's own; the one that needs no network where its words do not come. */
async function inWords(chosen?: Language): Promise<void> {
  await speak(FIRST_LANGUAGE);
  const asked = chosen ?? phoneLanguage();
  const spoken = speak(asked).then(
    () => {
      unchosen = asked;
    },
    () => undefined,
  );
  await Promise.race([spoken, new Promise<void>((enough) => clock.after(WORDS_MS, enough))]);
}
