/** One round: everything that is due goes out, everything that is new comes in, then the photos. */
import { batch, doubled, halved, type Limit, WHOLE } from "./batches";
import { exchange } from "./exchange";
import type { Parts } from "./ports";
import { Chunk, upload } from "./uploads";

export type Outcome =
  | { outcome: "done" | "offline" | "paused" }
  | { outcome: "later"; waitMs: number | null }
  /** Another tab or the worker is at it. */
  | { outcome: "busy" };

/** What is learned about the link, kept between rounds. */
export class Link {
  limit: Limit = WHOLE;
  chunk = new Chunk();
}

export async function round(parts: Parts, link: Link): Promise<Outcome> {
  const run = () => alone(parts, link);
  return (await parts.locks.alone(`aryk-sync-${parts.profileId}`, run)) ?? { outcome: "busy" };
}

async function alone(parts: Parts, link: Link): Promise<Outcome> {
  const exchanged = await exchangeAll(parts, link);
  if (exchanged.outcome !== "done") return exchanged;
  const uploaded = await upload(parts, link.chunk);
  if (uploaded.outcome !== "done") return uploaded;
  return { outcome: "done" };
}

/** How often a round tries smaller pieces before it leaves the server alone for a while. */
const MOST_PIECES = 6;

async function exchangeAll(parts: Parts, link: Link): Promise<Outcome> {
  for (let troubles = 0; ; ) {
    const due = await parts.storage.due(parts.clock.now());
    const sending = batch(due, link.limit);
    const exchanged = await exchange(parts, sending);
    if (exchanged.outcome === "settled") {
      link.limit = doubled(link.limit);
      // A server that answers for nothing we sent would be asked for ever.
      if (sending.length > 0 && exchanged.unacknowledged === sending.length) return { outcome: "later", waitMs: null };
      if (!exchanged.more && due.length === sending.length) return { outcome: "done" };
    } else if (exchanged.outcome === "too_much" || exchanged.outcome === "broken") {
      if (sending.length === 0 || ++troubles > MOST_PIECES) return { outcome: "later", waitMs: null };
      link.limit = halved(sending.length, link.limit);
    } else if (exchanged.outcome === "later") {
      return exchanged;
    } else {
      return { outcome: exchanged.outcome };
    }
  }
}
