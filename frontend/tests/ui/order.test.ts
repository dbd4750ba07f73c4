import { describe, expect, it } from "vitest";
import { inTurn } from "../../src/ui/room/order";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23);
const plain = {
  status: "assigned",
  danger: false,
  urgent: false,
  due_ms: (NOW + 9 * DAY) as number | null,
  opened_ms: NOW,
};
type One = typeof plain & { id: string };
const one = (id: string, changes: Partial<typeof plain> = {}): One => ({ ...plain, ...changes, id });

function turned(cases: One[]): string[] {
  return inTurn(cases).map(({ id }) => id);
}

describe("the list of cases", () => {
  it("has danger first, then what is urgent, then what is due soonest, then the newest; what is closed stands last", () => {
    const wanted = [
      one("danger, late", { danger: true, due_ms: NOW + 20 * DAY }),
      one("urgent", { urgent: true }),
      one("due soon", { due_ms: NOW + DAY }),
      one("newer", { opened_ms: NOW + 1 }),
      one("older"),
      one("answered, nothing is due", { status: "answered", due_ms: NOW - DAY }),
      one("closed, newer", { status: "solved", due_ms: null, opened_ms: NOW + 2 }),
      one("closed, of danger", { status: "withdrawn", danger: true, urgent: true, due_ms: null, opened_ms: NOW + 1 }),
      one("closed, older", { status: "unconfirmed", due_ms: null, opened_ms: NOW - DAY }),
    ];
    const names = wanted.map(({ id }) => id);
    expect(turned([...wanted].reverse())).toEqual(names);
    expect(turned([...wanted].sort((a, b) => a.id.localeCompare(b.id)))).toEqual(names);
  });

  it("changes nothing in what it was given", () => {
    const given = [one("closed", { status: "solved" }), one("open")];
    expect(turned(given)).toEqual(["open", "closed"]);
    expect(given.map(({ id }) => id)).toEqual(["closed", "open"]);
  });
});
