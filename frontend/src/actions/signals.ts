/** What the screens watch. Only the actions write here. */
import { computed, signal } from "@preact/signals";
import type { Card, Case, Connection, Draft, Grant, Reference } from "../model";

/** This profile's reports, newest first. */
export const outbox = signal<Card[]>([]);
/** What was begun and not saved yet, the one touched last first. */
export const drafts = signal<Draft[]>([]);
/** The cases a logged-in mediator follows, newest first. */
export const cases = signal<Case[]>([]);
export const mediator = signal<Grant | null>(null);
export const reference = signal<Reference | null>(null);
/** The worker holds the app and the chosen language. */
export const held = signal(false);
/** Everything that reporting needs is on this phone. */
export const ready = computed(() => held.value && !!reference.value?.villages.length);
export const connection = signal<Connection>({ state: "idle", lastSyncMs: null, waiting: false });
/** Photos wait for Wi-Fi, as this person chose. */
export const photosOnWifi = signal(false);
/** The browser says that this link is one that costs. */
export const mobileData = signal(false);
/**
 * "unavailable": nothing can be kept here; said before the first word. "newer": a newer app has changed what is kept. "full": the last write did not fit. "nearly_full": the next
 * ones may not. "lost": the browser cleared what was kept here.
 */
export const storageTrouble = signal<"unavailable" | "newer" | "full" | "nearly_full" | "lost" | null>(null);
/** What the browser says of this page's storage, where it says it; newer ones do not say how much there is. */
export const storageUse = signal<{ usedBytes: number; shareUsed: number | null } | null>(null);
/** Whether the browser has promised to keep it; null where it does not say. */
export const storageStays = signal<boolean | null>(null);
