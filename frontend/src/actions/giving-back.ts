import { netAt } from "../net/asking";
import { dropFact, fact } from "../store/facts";
import { session } from "./session";

const TIMEOUT_MS = 30_000;

let telling: Promise<void> | null = null;

/** Tells the server about a log-out that it has not heard of. Until it has said itself that it has, it is told again with each round. */
export function giveBack(): Promise<void> {
  telling ??= tell().finally(() => {
    telling = null;
  });
  return telling;
}

async function tell(): Promise<void> {
  const { db, tokens } = session();
  if (!(await fact(db, "givingBack"))) return;
  try {
    const headers = { Authorization: `Bearer ${tokens.read}` };
    const asked = { method: "DELETE", path: "/api/v1/grant", headers, timeoutMs: TIMEOUT_MS } as const;
    const { status } = await netAt(location.origin).ask(asked);
    // A captive portal's page ends no login, nor does another server behind the same name.
    if (status === 204) await dropFact(db, "givingBack");
  } catch {
    // Later, with the next round.
  }
}
