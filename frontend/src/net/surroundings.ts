/** Clock, chance and locks of a browser, in a page as in a worker. */
import type { Clock, Locks } from "../sync/ports";

export const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Only where the browser says so: Android's Chrome does. */
export function onMobileData(): boolean {
  return linkOf()?.type === "cellular";
}

/** The browser's own word on the link, to be told when it changes. */
export function linkOf(): (EventTarget & { type?: string }) | undefined {
  return (navigator as { connection?: EventTarget & { type?: string } }).connection;
}

const held = new Set<string>();

/** One at a time among all tabs and workers; among this one's own where the browser has no locks. */
export const locks: Locks = {
  async alone(name, run) {
    const all = globalThis.navigator?.locks;
    if (all) return all.request(name, { ifAvailable: true }, async (lock) => (lock ? run() : undefined));
    if (held.has(name)) return undefined;
    held.add(name);
    try {
      return await run();
    } finally {
      held.delete(name);
    }
  },
};

/** Between 0 and 1. */
export function chance(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
