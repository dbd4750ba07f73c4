/** One round: everything that is due goes out, everything that is new comes in, then the photos. */
import type { Outgoing } from "../model";
import { batch, byTurn, choosing, doubled, halved, type Limit, WHOLE } from "./batches";
import { exchange } from "./exchange";
import type { Parts } from "./ports";
import { quietMs } from "./quiet";
import { Chunk, upload } from "./uploads";

export type Outcome =
  | { outcome: "done" | "offline" | "paused" | "outdated" }
  | { outcome: "later"; waitMs: number | null }
  /** busy: another tab or the worker is at it. quiet: the server said to one of them when to come again. */
  | { outcome: "busy" | "quiet"; waitMs: number };

const BUSY_MS = 3_000;

/** What is learned about the link, kept between rounds. */
export class Link {
  limit: Limit = WHOLE;
  chunk = new Chunk();
  /** Answers to wait for before it is worth trying more at once: trying costs a slow link a whole time-out. */
  private content = 0;
  /** Exchanges in a row that nobody of ours answered. */
  private unanswered = 0;
  /** Our server has answered in this round. */
  reached = false;
  /** Operations that alone got no answer while others were waiting: they may be why, so they go last, each by itself. */
  private readonly suspects = new Set<string>();
  /** Operations whose answer the disk was too full to keep: they come again once all the others were tried. */
  private readonly unkept = new Set<string>();
  /** Reports of which it was sent who may read them, and nobody said that it had come. */
  private readonly unheard = new Set<string>();

  next(due: Outgoing[]): Outgoing[] {
    // What failed least goes first: however small the batches have become, what always fails is never in front of the rest.
    const suspect = ({ opId }: Outgoing) => this.suspects.has(opId);
    const held = new Set(
      due
        .filter(choosing)
        .filter(suspect)
        .map(({ entityId }) => entityId),
    );
    const trusted = due.filter((one) => !suspect(one) && !held.has(one.entityId)).sort(byTurn);
    if (trusted.length > 0) return batch(trusted, this.limit);
    // The one that was tried longest ago.
    const order = [...this.suspects];
    return due
      .filter(suspect)
      .sort((one, other) => order.indexOf(one.opId) - order.indexOf(other.opId))
      .slice(0, 1);
  }

  answered(sent: Outgoing[]): void {
    this.unanswered = 0;
    this.reached = true;
    // One that goes through after all was held up by the link, and so were the others.
    if (sent.some(({ opId }) => this.suspects.has(opId))) this.suspects.clear();
    if (this.content > 0) this.content--;
    else this.limit = doubled(this.limit);
  }

  full(sent: Outgoing[], heard?: Set<string>): void {
    this.reached = true;
    for (const one of sent) {
      this.unkept.add(one.opId);
      if (choosing(one) && !heard?.has(one.digest)) this.unheard.add(one.entityId);
    }
  }

  waits({ opId, entityId }: Outgoing): boolean {
    return this.unkept.has(opId) || this.unheard.has(entityId);
  }

  /** All were tried. */
  again(): void {
    this.unkept.clear();
    this.unheard.clear();
  }

  failed(sent: Outgoing[], tooMuch: boolean): void {
    this.limit = halved(sent.length, this.limit);
    if (tooMuch) this.content = CONTENT;
  }

  /** It may be one operation over which nobody answers, and that must not hold up the photos of others. */
  stuck({ outcome }: Outcome): boolean {
    const silent = this.reached || this.unanswered >= PATIENCE;
    return silent && (outcome === "offline" || outcome === "later");
  }

  /** A server that dies of one operation answers like a link that is down: after a while each is tried alone. */
  silent(sent: Outgoing[], waiting: number): void {
    const [alone] = sent;
    if (++this.unanswered >= PATIENCE) this.limit = { ...this.limit, operations: 1 };
    if (sent.length !== 1 || !alone || waiting < 2) return;
    this.suspects.delete(alone.opId);
    this.suspects.add(alone.opId);
  }
}

const PATIENCE = 3;
const CONTENT = 4;

/**
 * Words that are saved, or whose time comes, while photos are on their way go before the next chunk; and a minute on, what is new is asked
 * for. `between` is told each time: something may have become of what was said.
 */
export async function round(parts: Parts, link: Link, between = () => {}): Promise<Outcome> {
  for (;;) {
    const passed = await parts.locks.alone(`aryk-sync-${parts.profileId}`, () => alone(parts, link));
    if (passed?.outcome !== "words") return passed ?? { outcome: "busy", waitMs: BUSY_MS };
    between();
  }
}

async function alone(parts: Parts, link: Link): Promise<Outcome | { outcome: "words" }> {
  const waitMs = await quietMs(parts);
  if (waitMs > 0) return { outcome: "quiet", waitMs };
  link.reached = false;
  const exchanged = await exchangeAll(parts, link);
  if ("waitMs" in exchanged && exchanged.waitMs)
    await parts.storage.keepQuiet(parts.clock.now() + exchanged.waitMs).catch(() => undefined);
  if (exchanged.outcome !== "done" && !link.stuck(exchanged)) return exchanged;
  const stuck = exchanged.outcome === "done" ? [] : await parts.storage.due(parts.clock.now());
  const uploaded = await upload(parts, link.chunk, untilWords(parts, new Set(stuck.map(({ opId }) => opId))));
  return exchanged.outcome === "done" || uploaded.outcome === "words" ? uploaded : exchanged;
}

const A_MINUTE_MS = 60_000;

/** `stuck`: what waits all the same once everything was tried. */
function untilWords({ storage, clock, bearer }: Parts, stuck: Set<string>): () => Promise<boolean> {
  const began = clock.now();
  return async () =>
    (bearer !== null && clock.now() - began > A_MINUTE_MS) ||
    (await storage.due(clock.now())).some(({ opId }) => !stuck.has(opId));
}

/** How often a round tries smaller pieces before it leaves the server alone for a while. */
const MOST_PIECES = 6;

async function exchangeAll(parts: Parts, link: Link): Promise<Outcome> {
  for (let troubles = 0; ; ) {
    const all = await parts.storage.due(parts.clock.now());
    const due = all.filter((one) => !link.waits(one));
    if (due.length < all.length && due.length === 0) {
      link.again();
      return { outcome: "later", waitMs: null };
    }
    const sending = link.next(due);
    const exchanged = await exchange(parts, sending);
    if (exchanged.outcome === "settled") {
      link.answered(sending);
      troubles = 0;
      // A server that answers for nothing we sent would be asked for ever.
      if (sending.length > 0 && exchanged.unacknowledged === sending.length) return { outcome: "later", waitMs: null };
      if (!exchanged.more && all.length === sending.length) return { outcome: "done" };
    } else if (exchanged.outcome === "unkept") {
      link.full(sending, exchanged.heard);
      // What is behind it goes all the same, and what came in this round comes again with the next.
      if (sending.length === 0) return { outcome: "later", waitMs: null };
    } else if (exchanged.outcome === "too_much" || exchanged.outcome === "broken") {
      if (sending.length === 0 || ++troubles > MOST_PIECES) return { outcome: "later", waitMs: null };
      link.failed(sending, exchanged.outcome === "too_much");
    } else {
      if (exchanged.outcome === "offline" || exchanged.outcome === "away") link.silent(sending, due.length);
      return "waitMs" in exchanged ? { ...exchanged, outcome: "later" } : exchanged;
    }
  }
}
