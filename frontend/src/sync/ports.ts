/** Everything the sync needs from outside: clock, network, storage, chance, locks. It knows no page and no worker. */
import type { Change, Outgoing, OwnMedium, Result } from "../model";

export interface Clock {
  now(): number;
  /** Calls back after that many milliseconds; gives a function that takes it back. */
  after(milliseconds: number, then: () => void): () => void;
}

/** Between 0 and 1. */
export type Chance = () => number;

export interface Locks {
  /** Runs it alone among all tabs and workers; undefined at once when another one runs. */
  alone<Value>(name: string, run: () => Promise<Value>): Promise<Value | undefined>;
}

export interface Answered {
  status: number;
  header(name: string): string | null;
  /** The body as JSON; undefined when it is not JSON. */
  json(): Promise<unknown>;
}

export interface Request {
  method: "POST" | "HEAD" | "PATCH" | "DELETE";
  path: string;
  headers: Record<string, string>;
  body?: string | ArrayBuffer;
  timeoutMs: number;
}

export class NoAnswer extends Error {
  constructor(readonly kind: "offline" | "timeout") {
    super(kind);
  }
}

export interface Net {
  /** Throws NoAnswer. */
  ask(request: Request): Promise<Answered>;
  /** False only when the browser is sure that there is no connection. */
  maybeOnline(): boolean;
}

/** Until when what has failed so often is not sent again. */
export type RetryAt = (attempts: number) => number;

export interface Settlement {
  sentCursor: string | null;
  cursor: string | null;
  serverMs: number;
  /** Another one than before: the server was restored to an older state. null: it did not say. */
  epoch: string | null;
  /** It has more changes to tell. */
  more: boolean;
  now: number;
  changes: Change[];
  /** Results by digest. */
  results: Result[];
  /** Of a result that says *later*. */
  retryAt: RetryAt;
}

export interface Storage {
  cursor(): Promise<string | null>;
  /** Operations to send now, by `seq`; without one that is not due. */
  due(now: number): Promise<Outgoing[]>;
  /**
   * Written before anything is sent, so that a crash leaves a trace, also on a full disk. Resolves to those that are still there: the
   * others were deleted.
   */
  attempting(opIds: string[]): Promise<string[]>;
  /** Not acknowledged: they go with the next round, or at their own time where the fault was theirs. */
  unsent(opIds: string[], retryAt: RetryAt | null): Promise<void>;
  /** Acknowledgements, changes and cursor in one transaction. */
  settle(settlement: Settlement): Promise<void>;
  dueMedia(now: number): Promise<OwnMedium[]>;
  announced(mediumId: string): Promise<void>;
  /** The server has checked every byte. */
  received(mediumId: string): Promise<void>;
  /** The server will not have it as it is: kept, and shown. */
  refused(mediumId: string): Promise<void>;
  postponed(mediumId: string, retryAt: RetryAt): Promise<void>;
  /** The earliest time at which something unsent becomes due; null when nothing is unsent. */
  nextDue(): Promise<number | null>;
  /** Until when the server asked to be left alone; 0 when it did not. */
  quietUntil(): Promise<number>;
  keepQuiet(until: number): Promise<unknown>;
}

export interface Parts {
  clock: Clock;
  net: Net;
  storage: Storage;
  chance: Chance;
  locks: Locks;
  /** The bearer; null for a locked profile, which pushes and pulls nothing. */
  bearer: string | null;
  /** Names the lock. */
  profileId: string;
}
