import { describe, expect, it } from "vitest";
import type { PhoneState } from "../../src/model";
import { ROAD, tonesOf } from "../../src/ui/tones";

const ELSEWHERE: PhoneState[] = ["disputed", "unconfirmed", "withdrawing", "needs_attention"];

function rises(tones: number[]): boolean {
  return tones.every((tone, n) => n === 0 || tone > (tones[n - 1] ?? 0));
}

describe("a sound mark", () => {
  it("has one rising tone for each station reached", () => {
    for (const [n, state] of ROAD.entries()) {
      const tones = tonesOf({ state }, false);
      expect(tones).toHaveLength(n + 1);
      expect(rises(tones)).toBe(true);
    }
  });

  it("falls where the report went another way, so that none is taken for solved", () => {
    for (const state of [...ELSEWHERE, "withdrawn"] as const) expect(rises(tonesOf({ state }, false))).toBe(false);
  });

  it("is that of what was sent where an SMS was handed over: nobody can tell whether it went", () => {
    expect(tonesOf({ state: "by_sms" }, false)).toEqual(tonesOf({ state: "sending" }, false));
  });

  it("is another for each state", () => {
    const all = [...ROAD, ...ELSEWHERE, "withdrawn"] as const;
    expect(new Set(all.map((state) => tonesOf({ state }, false).join())).size).toBe(all.length);
  });

  it("ends with a question where the office asks", () => {
    const plain = tonesOf({ state: "with_office" }, false);
    const asked = tonesOf({ state: "with_office" }, true);
    expect(asked.slice(0, plain.length)).toEqual(plain);
    expect(asked.length).toBeGreaterThan(plain.length);
  });
});
