/** A phone's time. It passes only when the simulator says so, and what it shows may be years off. */
import type { Clock } from "../src/sync/ports";
import type { Life } from "./life";

interface Timer {
  at: number;
  life: Life;
  then: () => void;
}

export class PhoneClock {
  /** Milliseconds by which the shown time is wrong. */
  skew = 0;
  private timers: Timer[] = [];

  constructor(private true_ms: number) {}

  now(): number {
    return Math.round(this.true_ms + this.skew);
  }

  /** What a server says that it is. */
  right(): number {
    return Math.round(this.true_ms);
  }

  /** What one tab sees; its timers end with it. */
  of(life: Life): Clock {
    return {
      now: () => this.now(),
      after: (milliseconds, then) => {
        const timer = { at: this.true_ms + milliseconds, life, then };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
    };
  }

  /** Lets time pass and calls what has come due. */
  pass(milliseconds: number): void {
    this.true_ms += milliseconds;
    const due = this.timers.filter(({ at }) => at <= this.true_ms);
    this.timers = this.timers.filter(({ at }) => at > this.true_ms);
    for (const { life, then } of due) if (!life.dead) then();
  }
}
