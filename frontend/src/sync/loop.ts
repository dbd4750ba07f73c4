/**
 * When a round runs. States: idle → sending → idle | offline | paused | outdated; sending too while another tab or the worker is at it. A wake starts a round at once unless one runs;
 * failures wait longer and longer; a refused bearer pauses until somebody asks.
 */
import { backoff, MOST_MS } from "./backoff";
import { NoAnswer, type Parts } from "./ports";
import { Link, type Outcome, round } from "./rounds";

export type LoopState = "idle" | "sending" | "offline" | "paused" | "outdated";

export interface Watch {
  /** The state has changed, or a round has ended. */
  changed(state: LoopState, outcome: Outcome["outcome"] | null): void;
  /** How soon to ask again when all is well; null: not before somebody wakes us. */
  pollMs(): number | null;
}

/** Nothing is postponed for longer than that; a clock that was set back would make years of it. */
function within(wait: number): number {
  return Math.min(MOST_MS, Math.max(1_000, wait));
}

/** Asks for nothing. */
const LOOK = { method: "HEAD", path: "/", headers: {}, timeoutMs: 30_000 } as const;

export class Loop {
  state: LoopState = "idle";
  private failures = 0;
  private running: Promise<void> | null = null;
  private again = false;
  private takeBack: () => void = () => undefined;
  private readonly link = new Link();

  constructor(
    private readonly parts: Parts,
    private readonly watch: Watch,
  ) {}

  /** Something is to be sent, or the network or the person came back. */
  wake(): Promise<void> {
    this.takeBack();
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      // Woken after the last look and before this: nobody else would come for it.
      if (this.again && this.state === "idle") void this.wake();
    });
    return this.running;
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      let outcome: Outcome = { outcome: "offline" };
      try {
        // A browser that says there is no network may be wrong. What is tried to be sent counts as having left, so somebody has to answer first.
        if (!this.parts.net.maybeOnline()) await this.parts.net.ask(LOOK);
        this.enter("sending", null);
        outcome = await round(this.parts, this.link, () => this.enter("sending", null));
      } catch (trouble) {
        // The storage or the code failed. Nothing is acknowledged by it, so it is tried again like everything else.
        if (!(trouble instanceof NoAnswer)) outcome = { outcome: "later", waitMs: null };
      }
      await this.after(outcome);
    } while (this.again && this.state === "idle");
  }

  private async after(outcome: Outcome): Promise<void> {
    const { outcome: end } = outcome;
    const stopped = end === "offline" || end === "paused" || end === "outdated";
    if (end !== "busy" && end !== "quiet")
      this.failures = end === "later" || (stopped && end !== "paused") ? this.failures + 1 : 0;
    const wait = await this.waitAfter(outcome);
    if (wait !== null) this.takeBack = this.parts.clock.after(wait, () => void this.itIsTime());
    this.enter(stopped ? end : end === "busy" ? "sending" : "idle", end);
  }

  /** What waited may be gone by now: who has nothing to say and nothing to ask for need not be known. */
  private async itIsTime(): Promise<void> {
    if ((await this.nextWait()) !== null) await this.wake();
    else if (!this.running) this.enter("idle", null);
  }

  private async waitAfter(outcome: Outcome): Promise<number | null> {
    if (outcome.outcome === "paused") return null;
    if (outcome.outcome === "busy" || outcome.outcome === "quiet") return outcome.waitMs;
    const next = await this.nextWait();
    if (outcome.outcome === "done" || next === null) return next;
    const wait = backoff(this.failures, this.parts.chance);
    return outcome.outcome === "later" ? Math.max(wait, outcome.waitMs ?? 0) : wait;
  }

  /** A postponed item comes at its own time, and the next look at what is new comes at its. */
  private async nextWait(): Promise<number | null> {
    // A storage that cannot be read may hold what waits.
    const due = await this.parts.storage.nextDue().catch(() => 0);
    const waits = [this.watch.pollMs(), due === null ? null : within(due - this.parts.clock.now())];
    const known = waits.filter((wait): wait is number => wait !== null);
    return known.length > 0 ? Math.min(...known) : null;
  }

  private enter(state: LoopState, outcome: Outcome["outcome"] | null): void {
    this.state = state;
    this.watch.changed(state, outcome);
  }
}
