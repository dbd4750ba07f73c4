import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff, isDue, MOST_MS, retryAfter } from "../../src/sync/backoff";

const NOW = Date.UTC(2026, 10, 23);

describe("the wait after failures", () => {
  it("is never negative, never longer than five minutes, and doubles at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
        const wait = backoff(failures, () => chance);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(MOST_MS, 2_000 * 2 ** Math.min(failures, 20)));
      }),
    );
  });

  it("is spread over the whole time, so that a village does not knock at once", () => {
    expect(backoff(50, () => 0)).toBe(0);
    expect(backoff(50, () => 0.999999)).toBeGreaterThan(MOST_MS * 0.99);
  });
});

describe("Retry-After", () => {
  it("may be seconds or a date, and rubbish is none", () => {
    expect(retryAfter("30", NOW)).toBe(30_000);
    expect(retryAfter(new Date(NOW + 60_000).toUTCString(), NOW)).toBe(60_000);
    expect(retryAfter(null, NOW)).toBeNull();
    expect(retryAfter("soon", NOW)).toBeNull();
  });

  it("never puts the next round off for longer than an hour, whatever our clock says", () => {
    expect(retryAfter("999999999", NOW)).toBe(3_600_000);
    expect(retryAfter(new Date(NOW).toUTCString(), Date.UTC(1996, 0, 1))).toBe(3_600_000);
    expect(retryAfter(new Date(NOW).toUTCString(), Date.UTC(2056, 0, 1))).toBe(0);
  });
});

describe("what was postponed", () => {
  it("is due at its time", () => {
    expect(isDue(NOW, NOW)).toBe(true);
    expect(isDue(NOW + 1, NOW)).toBe(false);
  });

  it("is due at once when a wrong clock put it off for years", () => {
    expect(isDue(NOW + MOST_MS + 1, NOW)).toBe(true);
  });
});
