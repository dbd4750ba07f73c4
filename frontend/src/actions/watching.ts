/** What the browser tells a page, and what a phone must have fetched to be offline. */
import { language } from "../i18n";
import { linkOf, onMobileData } from "../net/surroundings";
import { refreshReference } from "./choosing";
import { loadDrafts } from "./drafting";
import { holdRoom, holdWords } from "./holding";
import { isOpen } from "./session";
import { held, mediator, mobileData, newer, ready } from "./signals";
import { SOON_MS } from "./turns";

/** Whoever comes back, or gets a connection back, does not wait for the next turn. */
export function watchTheWorld(wake: () => void): void {
  addEventListener("online", wake);
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
    if (document.visibilityState !== "visible") return;
    wake();
    void loadDrafts();
  });
  // Another window, beside this one, may have written on.
  addEventListener("focus", loadDrafts);
}

/** A worker that could not be installed never says so; and what the phone has may have become old meanwhile. */
const PATIENCE_MS = 300_000;

let again: ReturnType<typeof setTimeout> | undefined;

/**
 * Fetches what the phone needs to be offline; tried anew until it is there, since nothing can be reported before, and then looked after every
 * five minutes: nobody else renews the server's key on a phone that has said nothing. It is asked for in nobody's name.
 */
export async function getReady(): Promise<void> {
  getReadyIn(PATIENCE_MS);
  await Promise.all([held.value || register(), isOpen() && refreshReference()]);
  if (!(isOpen() ? ready.value : held.value)) getReadyIn(SOON_MS);
}

function getReadyIn(milliseconds: number): void {
  clearTimeout(again);
  again = setTimeout(() => void getReady(), milliseconds);
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
