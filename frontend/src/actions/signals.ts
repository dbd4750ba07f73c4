/** What the screens watch. Only the actions write here. */

import type { Card, Case, Category, Connection, Draft, FollowUp, Grant, Language, LockKind, Reference } from "../model";
import { computed, signal } from "../signals";

/** One of those who share this phone; `place` from 0, the oldest first. */
export interface Person {
  id: string;
  place: number;
  language: Language | undefined;
  lock: LockKind | null;
}

export interface Gate {
  people: Person[];
  /** Whose lock is to be opened; null: who it is has to be said first. */
  chosen: Person | null;
}

/** This profile's reports, newest first. */
export const outbox = signal<Card[]>([]);
export function reported(id: string | undefined): Card | undefined {
  return outbox.value.find((one) => one.id === id);
}
/** What was begun and not saved yet, the one touched last first. */
export const drafts = signal<Draft[]>([]);
/** The cases a logged-in mediator follows. */
export const cases = signal<Case[]>([]);
/** What was written here on cases that this phone has no longer. */
export const strays = signal<FollowUp[]>([]);
export const mediator = signal<Grant | null>(null);
/** On the home screen and in the list of open apps it is a calendar. */
export const asCalendar = signal(false);
export const reference = signal<Reference | null>(null);
/** What this phone's list has under this code. */
export function categoryOf(code: string | null): Category | undefined {
  return reference.value?.categories.find((one) => one.code === code);
}
/** The worker holds the app and the chosen language. */
export const held = signal(false);
/** A newer version of the app is here, whole, and waits. */
export const newer = signal(false);
/** Everything that reporting needs is on this phone. */
export const ready = computed(() => held.value && !!reference.value?.villages.length);
export const connection = signal<Connection>({ state: "idle", lastSyncMs: null, waiting: false });
/** Photos wait for Wi-Fi, as this person chose. */
export const photosOnWifi = signal(false);
/** Whether the browser says that this link is one that costs; null where it never says. */
export const mobileData = signal<boolean | null>(null);
/** Why nobody's reports are shown: somebody has to say who they are, or to open their lock. */
export const gate = signal<Gate | null>(null);
/** The lock of the profile that is open. */
export const lock = signal<LockKind | null>(null);
/**
 * "unavailable": nothing can be kept here; said before the first word. "newer": a newer app has changed what is kept. "full": the last write did not fit. "nearly_full": the next
 * ones may not. "lost": the browser cleared what was kept here.
 */
export const storageTrouble = signal<"unavailable" | "newer" | "full" | "nearly_full" | "lost" | null>(null);
/** False where what is said lives in the memory of this page and nowhere else. */
export const keeps = () => storageTrouble.value !== "unavailable";
/**
 * Something did not fit: that is said before whatever else was to be said of the storage. Browsers give a full disk many names; an error
 * of our own, such as that a report is gone, is none of them.
 */
export const noRoom = (trouble?: Error) => {
  if (keeps() && trouble?.name !== "Error") storageTrouble.value = "full";
};
/** What the browser says of this page's storage, where it says it; newer ones do not say how much there is. */
export const storageUse = signal<{ usedBytes: number; shareUsed: number | null } | null>(null);
/** Whether the browser has promised to keep it; null where it does not say. */
export const storageStays = signal<boolean | null>(null);
