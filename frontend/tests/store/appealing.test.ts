import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import type { Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { openNew } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const identity = { name: "A", address: "B", contact: "C" };

async function reported() {
  const { db, vault, tokens } = await openNew();
  const id = uuid7();
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const report = { id, receipt: "00000000044", savedAt: 1, verdict: null, audience: "mediator" };
  await db.put("reports", { id, sealed: await vault.seal(report) });
  const appeal = () =>
    keep(db, vault, {
      said: { type: "report.appeal", body: { identity } },
      first: { type: "report.audience", body: { audience: "office" } },
      entityId: id,
      now: 2,
      tokens,
    });
  const kept = async () => ({
    types: (await db.getAllFromIndex("operations", "seq")).map(({ type, seq }) => [type, seq]),
    card: (await shown(db, vault)).cards.map(({ audience, track }) => [audience, track]),
  });
  return { appeal, kept };
}

afterEach(() => vi.restoreAllMocks());

it("lets an office read and makes the appeal at once, in this order", async () => {
  const { appeal, kept } = await reported();
  await appeal();
  expect(await kept()).toEqual({
    types: [
      ["report.audience", 1],
      ["report.appeal", 2],
    ],
    card: [["office", "appeal"]],
  });
});

it("lets nobody read more when the phone is too full for the appeal", async () => {
  const { appeal, kept } = await reported();
  const before = await kept();
  const add = IDBObjectStore.prototype.add;
  const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (full.mock.calls.length === 1) queueMicrotask(() => this.transaction.abort());
    return add.apply(this, args);
  });
  await expect(appeal()).rejects.toThrow("abort");
  expect(full).toHaveBeenCalledTimes(2);
  expect(await kept()).toEqual(before);
});
