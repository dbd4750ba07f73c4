/** Looking a receipt up, from any phone: it need not be this profile's. */
import { netAt } from "../net/asking";

/** What the server says of one: how far it is; that it is not here (yet); that it was copied wrong. */
const ANSWERS = ["arrived", "with_office", "answered", "solved", "closed", "not_found", "malformed"] as const;
export type Looked = (typeof ANSWERS)[number] | "offline";

const TIMEOUT_MS = 30_000;

/** Never throws. What is not in our server's own words is no answer: a captive portal says 404 too. */
export async function lookUp(receipt: string): Promise<Looked> {
  try {
    const answer = await netAt(location.origin).ask({
      method: "POST",
      path: "/api/v1/receipts",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ receipt }),
      timeoutMs: TIMEOUT_MS,
    });
    const { state, code } = (await answer.json()) as Record<string, string>;
    return ANSWERS.find((one) => one === (state ?? code)) ?? "offline";
  } catch {
    return "offline";
  }
}
