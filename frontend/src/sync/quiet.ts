/** Whether the server wants to be left alone: what it said to one tab, or to the worker, counts for all. */
import { LONGEST_MS } from "./backoff";
import type { Parts } from "./ports";

/** For how long still; 0 when it may be asked. What lies further off than it can have said was set by a wrong clock. */
export async function quietMs({ clock, storage }: Parts): Promise<number> {
  const left = (await storage.quietUntil()) - clock.now();
  return left <= LONGEST_MS ? Math.max(0, left) : 0;
}
