/**
 * Whether an answer is our server's. A captive portal, a proxy's page or a cut reply is none, and then nothing counts as
 * acknowledged: only a result that carries the digest of bytes we sent does.
 */
import { type Change, type Reply, type Result, STATUSES } from "../model/wire";

export function readReply(body: unknown, sent: ReadonlySet<string>): Reply | null {
  if (!isObject(body) || body.proto !== 1) return null;
  const { server_time_ms: serverMs, epoch, cursor, more, results, changes } = body;
  if (typeof serverMs !== "number" || !Array.isArray(results) || !Array.isArray(changes)) return null;
  if (typeof cursor !== "string" && cursor !== null) return null;
  if (!changes.every(isChange)) return null;
  return {
    server_time_ms: serverMs,
    epoch: typeof epoch === "string" ? epoch : null,
    cursor,
    more: more === true,
    results: results.filter(isResult).filter(({ digest }) => sent.has(digest)),
    changes,
  };
}

function isResult(value: unknown): value is Result {
  return isObject(value) && typeof value.digest === "string" && (STATUSES as readonly unknown[]).includes(value.status);
}

function isChange(value: unknown): value is Change {
  return isObject(value) && typeof value.entity === "string" && typeof value.id === "string" && "data" in value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
