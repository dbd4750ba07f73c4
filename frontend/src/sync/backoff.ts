/** Full jitter: any time up to a limit that doubles, so that a village that comes back online does not knock at once. */
import type { Chance } from "./ports";

const FIRST_MS = 2_000;
export const MOST_MS = 300_000;

/** Milliseconds to wait after that many failures in a row (from 1). */
export function backoff(failures: number, chance: Chance): number {
  return Math.round(chance() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 20)));
}

/** `Retry-After` in milliseconds: seconds or a date; null when there is none that can be read. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
