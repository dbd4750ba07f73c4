/** Sound marks: a rising tone for each station that a report has reached; falling ones where it went another way; a question after both. */
import type { Card, PhoneState } from "../model";

export const ROAD = ["saved", "sending", "arrived", "with_office", "answered", "solved"] as const;
export type Station = (typeof ROAD)[number];

const ENDS: Partial<Record<PhoneState, Station>> = {
  by_sms: "sending",
  disputed: "solved",
  unconfirmed: "solved",
  withdrawing: "saved",
  withdrawn: "solved",
  needs_attention: "arrived",
};

/** In hertz: C, D, E, G, A, C. */
const RISING = [523, 587, 659, 784, 880, 1047];
const FALLING = [392, 330, 262, 196];
/** How far it falls: no two ends sound alike. */
const FALLS: Partial<Record<PhoneState, number>> = { disputed: 2, unconfirmed: 3, withdrawn: 4 };
const QUESTION = [440, 698];

/** The place on the road; a state that is none of its stations stands in the place of one. */
export function stationOf(state: PhoneState): number {
  return ROAD.indexOf(ENDS[state] ?? (state as Station));
}

export function tonesOf({ state }: Pick<Card, "state">, asked: boolean): number[] {
  const here = stationOf(state);
  const elsewhere = state !== "by_sms" && state in ENDS;
  const way = elsewhere
    ? [...RISING.slice(0, here), ...FALLING.slice(0, FALLS[state] ?? 3)]
    : RISING.slice(0, here + 1);
  return asked ? [...way, ...QUESTION] : way;
}
