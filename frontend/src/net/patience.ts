/**
 * How long to wait for something that comes in pieces: a slow link is not a dead one. Patience runs out like a clock and every
 * byte gives some back, so that what keeps coming may take as long as it needs, and what stands still or drips may not.
 */

/** Slower than this in bytes a millisecond for long, and the link counts as dead: 4 kbit/s. */
const SLOWEST = 0.5;

export class Patience {
  /** It has run out. */
  over = false;
  private readonly ends: (() => void)[] = [];
  private left = 0;
  private since = performance.now();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Milliseconds without enough coming. */
  constructor(private readonly mostMs: number) {
    this.wait(mostMs);
  }

  /** Called once it has run out. */
  atEnd(end: () => void): void {
    this.ends.push(end);
  }

  came(bytes: number): void {
    const now = performance.now();
    this.wait(Math.min(this.mostMs, this.left - (now - this.since) + bytes / SLOWEST));
    this.since = now;
  }

  /** A new stage begins: all of it again. */
  renew(): void {
    this.since = performance.now();
    this.wait(this.mostMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wait(milliseconds: number): void {
    this.left = milliseconds;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.over = true;
      for (const end of this.ends) end();
    }, milliseconds);
  }
}
