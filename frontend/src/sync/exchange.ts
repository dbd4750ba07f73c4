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
 * answered. paused: the bearer is refused. outdated: our server speaks this protocol no more.
 */
export type Exchanged =
  | { outcome: "settled"; more: boolean; unacknowledged: number }
  | { outcome: "too_much" }
  | { outcome: "broken" }
  | { outcome: "offline" | "paused" | "outdated" }
  | { outcome: "later" | "away"; waitMs: number | null };

export async function exchange(parts: Parts, operations: Outgoing[]): Promise<Exchanged> {
  const ids = operations.map(({ opId }) => opId);
  const sentCursor = await parts.storage.cursor();
  // Marking keeps a crash from looking like an answer. A disk too full to be marked on does not keep the words from leaving.
  if (ids.length > 0) await parts.storage.attempting(ids).catch(() => undefined);
  const answered = await ask(parts, operations, parts.bearer === null ? null : sentCursor);
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
  await parts.storage.settle({
    sentCursor,
    cursor: parts.bearer === null ? sentCursor : reply.cursor,
    serverMs: reply.server_time_ms,
    epoch: reply.epoch,
    now,
    changes: parts.bearer === null ? [] : reply.changes,
    results: reply.results,
    retryAt: retryAt(parts),
  });
  const answeredFor = new Set(reply.results.map(({ digest }) => digest));
  const missing = operations.filter(({ digest }) => !answeredFor.has(digest)).map(({ opId }) => opId);
  await giveBack(parts, missing, true);
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
  if (status === 400 && codeOf(await json()) === "unknown_proto") {
    await giveBack(parts, ids, false);
    return { outcome: "outdated" };
  }
  const waitMs = retryAfter(header("Retry-After"), parts.clock.now());
  // What the server chokes on alone is postponed by itself, so that the next round begins with the others.
  const alone = ids.length === 1 && status !== 401 && status !== 429 && !gateway(status);
  await giveBack(parts, ids, alone);
  if (status === 401) return { outcome: "paused" };
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

async function giveBack(parts: Parts, ids: string[], postpone: boolean): Promise<void> {
  if (ids.length > 0) await parts.storage.unsent(ids, postpone ? retryAt(parts) : null);
}

export function retryAt(parts: Parts): (attempts: number) => number {
  return (attempts) => parts.clock.now() + backoff(attempts, parts.chance);
}
