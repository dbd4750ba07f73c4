/** Whether the server wants to be left alone: what it said to one tab, or to the worker, counts for all. */
import { LONGEST_MS } from "./backoff";
import type { Parts, Road } from "./ports";

/** For how long still; 0 when it may be asked. What lies further off than it can have said was set by a wrong clock. */
export async function quietMs({ clock, storage }: Parts, road: Road): Promise<number> {
  const left = (await storage.quietUntil(road)) - clock.now();
  return left <= LONGEST_MS ? Math.max(0, left) : 0;
}

/** Notes what it said of it, where it did. */
export async function heed({ clock, storage }: Parts, road: Road, ended: object): Promise<void> {
  const { waitMs } = ended as { waitMs?: number | null };
  if (waitMs) await storage.keepQuiet(road, clock.now() + waitMs).catch(() => undefined);
}
