import { describe, expect, it, vi } from "vitest";
import type { Sealed } from "../../src/model/vault";
import { fact, keepFact } from "../../src/store/facts";
import { forgetCases, keepGrant } from "../../src/store/syncing";
import { NOW, phone, reply } from "./phone";

const GRANT = { name: "Dilnoza", offices: [], until_ms: NOW, epoch: "" };

describe("a mediator's login", () => {
  it("and the cursor that it makes stale go in one strict transaction", async () => {
    const { db, vault } = await phone((envelopes) => reply(envelopes));
    await keepFact(db, "cursor", "of the last login");
    await keepFact(db, "givingBack", true);
    const begun = vi.spyOn(db, "transaction");
    await keepGrant(db, vault, GRANT);
    expect(begun.mock.calls.map(([, ...how]) => how)).toEqual([["readwrite", { durability: "strict" }]]);
    expect(await vault.open((await fact(db, "mediator")) as Sealed)).toEqual(GRANT);
    expect([await fact(db, "cursor"), await fact(db, "givingBack")]).toEqual([undefined, undefined]);
  });

  it("given back takes the cases from the phone and leaves the reports", async () => {
    const { db, vault } = await phone((envelopes) => reply(envelopes));
    await keepGrant(db, vault, GRANT);
    await db.put("changes", { entity: "case", id: "a", version: 1, data: await vault.seal({}) });
    await db.put("changes", { entity: "report", id: "b", version: 1, data: await vault.seal({}) });
    await forgetCases(db);
    expect((await db.getAll("changes")).map(({ entity }) => entity)).toEqual(["report"]);
    expect(await fact(db, "mediator")).toBeUndefined();
  });
});
