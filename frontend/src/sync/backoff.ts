/** Full jitter: any time up to a limit that doubles, so that a village that comes back online does not knock at once. */
import type { Chance } from "./ports";

const FIRST_MS = 2_000;
export const MOST_MS = 300_000;

/** Milliseconds to wait after that many failures in a row (from 1). */
export function backoff(failures: number, chance: Chance): number {
  return Math.round(chance() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 20)));
}

/** A longer one is a mistake, or our clock's: it is asked again then. */
export const LONGEST_MS = 3_600_000;

/** `Retry-After` in milliseconds, at most an hour: seconds or a date; null when there is none that can be read. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const wait = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? null : Math.min(LONGEST_MS, Math.max(0, wait));
}

/** Whether something postponed to `notBefore` is due. What lies further off than any postponement was set by a wrong clock. */
export function isDue(notBefore: number, now: number, most = MOST_MS): boolean {
  return notBefore <= now || notBefore > now + most;
}

/** Of a medium, which the server itself may put off. */
export function isMediumDue({ notBefore }: { notBefore: number }, now: number): boolean {
  return isDue(notBefore, now, LONGEST_MS);
}
