/** Looking a receipt up, from any phone: it need not be this profile's. */

export const RECEIPT_STATES = ["arrived", "with_office", "answered", "solved", "closed"] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];
export type Looked = ReceiptState | "unknown" | "copied_wrong" | "offline";

/** Never throws. */
export async function lookUp(receipt: string): Promise<Looked> {
  try {
    const response = await fetch("/api/v1/receipts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ receipt }),
      credentials: "omit",
      redirect: "error",
    });
    if (response.status === 404) return "unknown";
    if (response.status === 400) return "copied_wrong";
    const { state } = (await response.json()) as { state?: ReceiptState };
    return state && RECEIPT_STATES.includes(state) ? state : "offline";
  } catch {
    return "offline";
  }
}
