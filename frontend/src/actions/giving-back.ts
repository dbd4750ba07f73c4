import { dropFact, fact } from "../store/facts";
import { session } from "./session";

/** Tells the server about a log-out that it has not heard of. */
export async function giveBack(): Promise<void> {
  const { db, tokens } = session();
  if (!(await fact(db, "givingBack"))) return;
  try {
    const headers = { Authorization: `Bearer ${tokens.read}` };
    const response = await fetch("/api/v1/grant", { method: "DELETE", headers, credentials: "omit" });
    if (response.status < 500 && response.status !== 429) await dropFact(db, "givingBack");
  } catch {
    // Later, with the next round.
  }
}
