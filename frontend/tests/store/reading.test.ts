import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import type { Outgoing } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { shown } from "../../src/store/reading";
import { openNew } from "./opened";
import { seen } from "./seen";

const MANY = 131;
const fresh = {
  attempts: 0,
  notBefore: 0,
  code: null,
  detail: null,
  envelope: new Uint8Array(1),
  opened: null,
  left: true,
} as const;

describe("the list", () => {
  it.each([0, 50, MANY])("shows each of %i reports once, the newest first, with what is theirs", async (many) => {
    const { db, vault } = await openNew();
    const ids = Array.from({ length: many }, () => uuid7());
    for (const [at, id] of ids.entries()) {
      const own = { id, receipt: "00000000044", savedAt: at, verdict: null };
      await db.put("reports", { id, sealed: await vault.seal(own) });
      const state = at % 2 === 0 ? "done" : "attempting";
      const made = { opId: uuid7(), digest: id, seq: many - at, type: "report.create", savedAt: at } as const;
      await db.put("operations", { ...made, entityId: id, state, ...fresh } satisfies Outgoing);
      const data = await vault.seal(seen({ state: "answered" }));
      if (at % 4 === 0) await db.put("changes", { entity: "report", id, version: 1, data });
    }
    const { cards } = await shown(db, vault);
    expect(cards.map(({ id }) => id)).toEqual([...ids].reverse());
    const states = ids.map((_, at) => (at % 4 === 0 ? "answered" : at % 2 === 0 ? "arrived" : "sending"));
    expect(cards.map(({ state }) => state)).toEqual(states.reverse());
  });
});
