/** Which faults there are, how often each is thrown, and how often each was. */
import type { Dice } from "./dice";

/** On the way between a phone and the server; most happen after the server has really got the request. */
export const ON_THE_WAY = {
  request_lost: 4,
  request_timed_out: 2,
  response_lost: 5,
  response_timed_out: 3,
  duplicated: 4,
  delayed: 3,
  truncated: 3,
  fault_after_commit: 3,
  gateway: 2,
  too_large: 2,
  later: 2,
  later_by_date: 1,
  unauthorized: 2,
  portal_page: 2,
  portal_json: 1,
  not_found: 1,
  results_missing: 3,
  slow: 3,
  killed_waiting: 2,
} as const;

/** In the phone's storage, the phone itself, the server, or the people around them. */
export const AROUND = [
  "killed_before_commit",
  "killed_in_transaction",
  "killed_after_commit",
  "power_cut",
  "disk_full",
  "evicted",
  "chunk_cut",
  "killed_uploading",
  "second_tab",
  "worker_woken",
  "profile_switch",
  "wrong_clock",
  "locked_profile",
  "revoked_profile",
  "expired_scope",
  "given_back_scope",
  "ended_login",
  "poisoned",
  "carrier_replays",
  "carrier_alters",
  "concurrent_push",
  "sms_doubled",
  "sms_late",
  "sms_lost",
  "sms_out_of_order",
  "sms_forged",
  "sms_replayed",
  "handed_over",
  "file_damaged",
  "carrier_full",
  "shown_as_codes",
  "anothers_words",
  "false_medium",
  "receipt_guessed",
  "server_killed",
  "server_restored",
  "key_replaced",
  "key_lost",
  "database_cut",
  "decoder_killed",
  "office_off",
  "office_joined",
  "office_left",
  "swept",
  "thrown_away",
] as const;

export type OnTheWay = keyof typeof ON_THE_WAY;
export type Fault = OnTheWay | (typeof AROUND)[number];
export const FAULTS: Fault[] = [...(Object.keys(ON_THE_WAY) as OnTheWay[]), ...AROUND];

/** Shared by a whole world. Once it is calm, nothing fails any more. */
export class Weather {
  calm = false;
  readonly counts = new Map<Fault, number>();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly without: ReadonlySet<string>) {}

  /** Whether this fault strikes now; counted when it does. */
  strikes(fault: Fault, probability: number, dice: Dice): boolean {
    if (!this.threatens(fault, probability, dice)) return false;
    this.count(fault);
    return true;
  }

  /** As `strikes`, for a fault that may yet miss: whoever throws it counts it. */
  threatens(fault: Fault, probability: number, dice: Dice): boolean {
    return dice.happens(probability) && !this.calm && !this.without.has(fault);
  }

  onTheWay(dice: Dice): OnTheWay | null {
    const strikes = dice.happens(0.3);
    const fault = dice.weighed<OnTheWay>(ON_THE_WAY);
    if (!strikes || this.calm || this.without.has(fault)) return null;
    this.count(fault);
    return fault;
  }

  /** Something still on its way after its sender has given it up. */
  later(arrival: Promise<unknown>): void {
    const settled = arrival.catch(() => undefined).finally(() => this.underWay.delete(settled));
    this.underWay.add(settled);
  }

  /** Resolves when nothing is on its way any more. */
  async cleared(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  count(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
}
