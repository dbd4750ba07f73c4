/** One round trip: push a batch, pull changes. */
import type { Outgoing } from "../model";
import { base64url } from "../model/bytes";
import { backoff, retryAfter } from "./backoff";
import { type Answered, NoAnswer, type Parts } from "./ports";
import { readReply } from "./replies";

const TIMEOUT_MS = 45_000;

/**
 * settled: our server answered; more: ask again at once. too_much: halve. broken: it failed over these very bytes.
 * later: come back, not before `waitMs` where it says so. away: so says what stands before our server. offline: nobody of ours
 * answered. paused: the bearer is refused. outdated: our server speaks this protocol no more. unkept: it answered, for the digests in
 * `heard`, and the disk is too full to keep what it said; or what was to be sent could not be marked at all.
 */
export type Exchanged =
  | { outcome: "settled"; more: boolean; unacknowledged: number }
  | { outcome: "too_much" }
  | { outcome: "broken" }
  | { outcome: "unkept"; heard?: Set<string> }
  | { outcome: "offline" | "paused" | "outdated" }
  | { outcome: "later" | "away"; waitMs: number | null };

export async function exchange(parts: Parts, due: Outgoing[]): Promise<Exchanged> {
  let ids = due.map(({ opId }) => opId);
  // It names what this profile follows: who sends without saying who they are asks for nothing with it, and keeps none.
  const sentCursor = parts.bearer === null ? null : await parts.storage.cursor();
  // Marking keeps a crash from looking like an answer.
  if (ids.length > 0) {
    const marked = await parts.storage.attempting(ids).catch(() => null);
    if (!marked) return { outcome: "unkept" };
    ids = marked;
  }
  const operations = due.filter(({ opId }) => ids.includes(opId));
  const answered = await ask(parts, operations, sentCursor);
  if (answered instanceof NoAnswer) {
    await giveBack(parts, ids, false);
    if (answered.kind === "timeout" && ids.length > 1) return { outcome: "too_much" };
    return { outcome: "offline" };
  }
  if (answered.status !== 200) return refused(parts, ids, answered);
  const reply = readReply(await answered.json(), new Set(operations.map(({ digest }) => digest)));
  if (reply === null) {
    await giveBack(parts, ids, false);
    return { outcome: "offline" };
  }
  const now = parts.clock.now();
  const settlement = {
    sentCursor,
    cursor: parts.bearer === null ? null : reply.cursor,
    serverMs: reply.server_time_ms,
    epoch: reply.epoch,
    more: reply.more,
    now,
    changes: parts.bearer === null ? [] : reply.changes,
    results: reply.results,
    retryAt: retryAt(parts),
  };
  const { results } = reply;
  const heard = new Set(results.filter(({ status }) => status !== "try_again").map(({ digest }) => digest));
  if (!(await kept(parts.storage.settle(settlement)))) {
    await giveBack(parts, ids, false);
    return { outcome: "unkept", heard };
  }
  const missing = operations
    .filter((one) => !results.some(({ digest }) => digest === one.digest))
    .map(({ opId }) => opId);
  if (!(await giveBack(parts, missing, true))) return { outcome: "unkept", heard };
  return { outcome: "settled", more: reply.more, unacknowledged: missing.length };
}

async function ask(parts: Parts, operations: Outgoing[], cursor: string | null): Promise<Answered | NoAnswer> {
  const envelopes = operations.map(({ envelope }) => base64url(envelope));
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (parts.bearer !== null) headers.Authorization = `Bearer ${parts.bearer}`;
  const body = JSON.stringify({ proto: 1, cursor, envelopes });
  try {
    return await parts.net.ask({ method: "POST", path: "/api/v1/sync", headers, body, timeoutMs: TIMEOUT_MS });
  } catch (trouble) {
    if (trouble instanceof NoAnswer) return trouble;
    throw trouble;
  }
}

async function refused(parts: Parts, ids: string[], { status, header, json }: Answered): Promise<Exchanged> {
  const code = codeOf(await json());
  if (status === 400 && code === "unknown_proto") {
    await giveBack(parts, ids, false);
    return { outcome: "outdated" };
  }
  // When to come again, and that a login has ended, only our server says: not what stands before it.
  const waitMs = code ? retryAfter(header("Retry-After"), parts.clock.now()) : null;
  // What the server chokes on alone is postponed by itself, so that the next round begins with the others.
  const alone = ids.length === 1 && status !== 401 && status !== 429 && !gateway(status);
  if (!(await giveBack(parts, ids, alone)) && alone) return { outcome: "unkept" };
  if (status === 401) return { outcome: code ? "paused" : "offline" };
  if (gateway(status)) return { outcome: "away", waitMs };
  if (status === 429) return { outcome: "later", waitMs };
  if (status === 413) return { outcome: "too_much" };
  return { outcome: "broken" };
}

function codeOf(problem: unknown): unknown {
  return (problem as { code?: unknown } | null | undefined)?.code;
}

/** Said by what stands before the server, or while it is down: nothing about these bytes. */
function gateway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Whether it could be kept. What stays marked as attempting goes again all the same. */
async function giveBack(parts: Parts, ids: string[], postpone: boolean): Promise<boolean> {
  return ids.length === 0 || kept(parts.storage.unsent(ids, postpone ? retryAt(parts) : null));
}

function kept(writing: Promise<void>): Promise<boolean> {
  return writing.then(
    () => true,
    () => false,
  );
}

export function retryAt(parts: Parts): (attempts: number) => number {
  return (attempts) => parts.clock.now() + backoff(attempts, parts.chance);
}
