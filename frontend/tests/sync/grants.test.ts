import { describe, expect, it, vi } from "vitest";
import type { Sealed } from "../../src/model/vault";
import { fact, keepFact } from "../../src/store/facts";
import { forgetCases, keepGrant } from "../../src/store/granting";
import { NOW, phone, reply } from "./phone";

const GRANT = { name: "Dilnoza", offices: [], until_ms: NOW, epoch: "" };

describe("a mediator's login", () => {
  it("and the cursor that it makes stale go in one strict transaction", async () => {
    const { db, vault } = await phone((envelopes) => reply(envelopes));
    await keepFact(db, "cursor", "of the last login");
    await keepFact(db, "givingBack", true);
    const begun = vi.spyOn(db, "transaction");
    await keepGrant(db, vault, GRANT);
    const written = begun.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(written.at(-1)?.slice(1)).toEqual(["readwrite", { durability: "strict" }]);
    expect(await vault.open((await fact(db, "mediator")) as Sealed)).toEqual(GRANT);
    expect([await fact(db, "cursor"), await fact(db, "givingBack")]).toEqual([undefined, undefined]);
  });

  describe("that is made anew while the one before stands", () => {
    async function anew(grant: object, held = true) {
      const { db, vault } = await phone((envelopes) => reply(envelopes));
      const offices = [{ code: "med", names: { en: "Mediators" } }];
      await keepGrant(db, vault, { ...GRANT, offices });
      if (held) await db.put("changes", { entity: "case", id: "a", version: 1, data: await vault.seal({}) });
      await keepFact(db, "cursor", "of these cases");
      await keepGrant(db, vault, { ...GRANT, offices, until_ms: NOW + 1, ...grant });
      const left = await db.getAllKeys("changes");
      return { cases: left.length, cursor: await fact(db, "cursor") };
    }

    it("leaves the same mediator the cases for the journey, and the cursor that tells of them", async () => {
      expect(await anew({})).toEqual({ cases: 1, cursor: "of these cases" });
      expect(await anew({ by: "d0000000" }), "an older app did not keep who").toEqual({
        cases: 1,
        cursor: "of these cases",
      });
    });

    it("leaves nothing to another one, or to who is in other groups", async () => {
      expect(await anew({ name: "Eve" })).toEqual({ cases: 0, cursor: undefined });
      expect(await anew({ offices: [] })).toEqual({ cases: 0, cursor: undefined });
    });

    it("brings everything anew from a server that was restored, or where no case is here", async () => {
      expect(await anew({ epoch: "anew" })).toEqual({ cases: 0, cursor: undefined });
      expect(await anew({}, false)).toEqual({ cases: 0, cursor: undefined });
    });
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

  describe("given back on a full phone", () => {
    async function full(refused: number) {
      const { db, vault } = await phone((envelopes) => reply(envelopes));
      await keepGrant(db, vault, GRANT);
      await db.put("changes", { entity: "case", id: "a", version: 1, data: await vault.seal({}) });
      const { put } = IDBObjectStore.prototype;
      let left = refused;
      const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...row) {
        if (left-- > 0) throw new DOMException("full", "QuotaExceededError");
        return put.apply(this, row);
      });
      const done = await forgetCases(db).catch(({ name }) => name);
      spy.mockRestore();
      const facts = [await fact(db, "givingBack"), (await fact(db, "mediator")) !== undefined];
      return { done, cases: await db.count("changes"), facts };
    }

    it("takes the cases all the same, and what they leave has room for what is to be told", async () => {
      expect(await full(1)).toEqual({ done: undefined, cases: 0, facts: [true, false] });
    });

    it("takes the cases all the same, and does not forget a login that it cannot note down to be given back", async () => {
      expect(await full(9)).toEqual({ done: "QuotaExceededError", cases: 0, facts: [undefined, true] });
    });
  });
});
