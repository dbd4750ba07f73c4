/** In which order a mediator finds the cases. */
import type { Case } from "../../model";
import { awaited } from "../explain";

type Ordered = Pick<Case, "status" | "danger" | "urgent" | "due_ms" | "opened_ms">;

/** Nobody has to act now: not even danger stands out any more. */
export function isClosed({ status }: Pick<Case, "status">): boolean {
  return ["solved", "unconfirmed", "withdrawn"].includes(status);
}

/** Open ones first: danger, what is urgent, what is due soonest, the newest. */
export function inTurn<One extends Ordered>(cases: One[]): One[] {
  const ranked = cases.map((one) => ({ one, rank: rankOf(one) }));
  ranked.sort((a, b) => a.rank.map((n, at) => n - (b.rank[at] ?? 0)).find((apart) => apart) ?? 0);
  return ranked.map(({ one }) => one);
}

function rankOf(one: Ordered): number[] {
  const closed = isClosed(one);
  const due = closed || !awaited(one.status) ? null : one.due_ms;
  return [+closed, +(closed || !one.danger), +(closed || !one.urgent), due ?? Number.MAX_VALUE, -one.opened_ms];
}
