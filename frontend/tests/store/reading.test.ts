import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import type { FollowUp, Outgoing } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { shown } from "../../src/store/reading";
import { openNew } from "./opened";
import { seen } from "./seen";

const MANY = 131;
const fresh = {
  attempts: 0,
  notBefore: 0,
  code: null,
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

describe("where it was", () => {
  const mine = { ky: "Ак-Сай", ru: "Ак-Сай" };
  it.each([
    ["as the phone named it", null, mine],
    ["as the server found it by the position", { code: "2", names: { ky: "Самаркандек" } }, { ky: "Самаркандек" }],
  ])("is shown %s", async (_, village, names) => {
    const { db, vault } = await openNew();
    const id = uuid7();
    const own = { id, receipt: "00000000044", savedAt: 1, verdict: null, village: "1", villageNames: mine };
    await db.put("reports", { id, sealed: await vault.seal(own) });
    await db.put("changes", { entity: "report", id, version: 1, data: await vault.seal(seen({ village })) });
    expect((await shown(db, vault)).cards[0]?.villageNames).toEqual(names);
  });
});

describe("what a mediator wrote", () => {
  it("is shown with its case, and by itself with what became of it once the case is gone", async () => {
    const { db, vault } = await openNew();
    const [here, gone] = [uuid7(), uuid7()];
    const data = await vault.seal({ followups: [], reports: [] });
    await db.put("changes", { entity: "case", id: here, version: 1, data });
    let seq = 0;
    const states = { done: null, pending: null, attention: "not_yours" } as const;
    for (const [state, code] of Object.entries(states)) {
      for (const held of [here, gone]) {
        const id = uuid7();
        const own = { id, case: held, kind: "visit", happened_on: "2026-11-23", text: state, language: "ky", by: "D" };
        await db.put("followups", { id, sealed: await vault.seal({ ...own, at_ms: 1 }) });
        const made = { opId: uuid7(), digest: id, seq: ++seq, type: "followup.create", savedAt: 1, entityId: id };
        await db.put("operations", { ...made, ...fresh, state: state as Outgoing["state"], code });
      }
    }
    const { cases, strays } = await shown(db, vault);
    const became = (all: FollowUp[]) => all.map(({ text, waiting, code }) => [text, waiting, code]).sort();
    const wanted = [
      ["attention", true, "not_yours"],
      ["done", false, null],
      ["pending", true, null],
    ];
    expect(became(strays)).toEqual(wanted);
    expect(cases.map(({ id, followups }) => [id, became(followups)])).toEqual([[here, wanted]]);
  });
});
