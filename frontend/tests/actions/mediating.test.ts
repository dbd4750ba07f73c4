import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { endInTime, over } from "../../src/actions/mediating";
import { refresh, setSession } from "../../src/actions/session";
import { cases, mediator } from "../../src/actions/signals";
import { fact, keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { keepGrant } from "../../src/store/syncing";
import { openNew } from "../store/opened";

const HEARD = Date.UTC(2026, 10, 1);
const DAY = 24 * 60 * 60 * 1000;
const CASE = { reports: [], followups: [], history: [], answers: [], opened_ms: 1 };

let db: Database;

/** A login of thirty days, and how many days later by the phone's own clock, which is years wrong, the room is opened. */
async function openedAfter(days: number): Promise<void> {
  const wrong = 9 * 365 * DAY;
  await keepFact(db, "lastServerMs", HEARD);
  await keepFact(db, "lastSyncMs", HEARD + wrong);
  vi.spyOn(Date, "now").mockReturnValue(HEARD + wrong + days * DAY);
  await refresh();
  await endInTime();
}

beforeEach(async () => {
  vi.restoreAllMocks();
  over.value = false;
  const own = await openNew();
  ({ db } = own);
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await keepGrant(db, own.vault, { name: "Dilnoza", offices: [], until_ms: HEARD + 30 * DAY, epoch: "" });
  await db.put("changes", { entity: "case", id: "a", version: 1, data: await own.vault.seal(CASE) });
});

describe("a mediator's login", () => {
  it("shows its cases while it lasts, whatever the phone's clock says", async () => {
    await openedAfter(29);
    expect(cases.value).toHaveLength(1);
    expect([over.value, mediator.value?.name]).toEqual([false, "Dilnoza"]);
  });

  it("takes them from the phone once its time is over, also where there was no network since", async () => {
    await openedAfter(30);
    expect([over.value, mediator.value, cases.value]).toEqual([true, null, []]);
    expect(await db.getAll("changes")).toEqual([]);
    expect(await fact(db, "mediator")).toBeUndefined();
  });

  it("lasts for a clock that was set back, until the server is heard again", async () => {
    await openedAfter(-400);
    expect(over.value).toBe(false);
  });
});
