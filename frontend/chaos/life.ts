/** The life of one tab or worker. After its end nothing it began goes on: what it waits for never comes. */
export class Life {
  dead = false;
  readonly ended: Promise<"died">;
  /** Transactions that are not committed yet: the browser undoes them when their page dies. */
  readonly open = new Set<{ abort(): void }>();
  private end: () => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = () => resolve("died");
    });
  }

  die(): void {
    this.dead = true;
    for (const transaction of this.open) abort(transaction);
    this.end();
  }

  /** The same promise, but silent from the death on. */
  guard<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.dead || resolve(value),
        (trouble) => this.dead || reject(trouble),
      );
    });
  }

  /** As `guard`, for whoever watches from outside: says so when it died first. */
  orDeath<Value>(promise: Promise<Value>): Promise<Value | "died"> {
    return Promise.race([promise, this.ended]);
  }
}

/** Undone, unless it is over already. */
export function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It was committed or undone already.
  }
}

/** A promise that never comes. */
export function never<Value>(): Promise<Value> {
  return new Promise(() => undefined);
}
