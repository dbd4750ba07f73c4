/** A server that was restored does not know what it gave: promise 5 must hold without its word. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, it } from "vitest";
import { uuid7 } from "../../src/model/uuid7";
import { fact } from "../../src/store/facts";
import { keepGrant } from "../../src/store/granting";
import { storageOf } from "../../src/store/syncing";
import { openNew } from "./opened";

const HERS = uuid7();
const OTHERS = uuid7();
const told = { serverMs: 1, now: 1, results: [], retryAt: () => 0 };
const change = (id: string) => ({ entity: "case", id, version: 1, data: { text: "The gate is closed." } });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function mediator() {
  const { db, vault } = await openNew();
  await keepGrant(db, vault, { name: "Dilnoza", offices: [], until_ms: 2, epoch: "" });
  const storage = storageOf(db, vault);
  await storage.settle({
    ...told,
    more: false,
    sentCursor: null,
    cursor: "c1",
    epoch: "",
    changes: [change(HERS), change(OTHERS)],
  });
  return { db, storage };
}

it("drops a mediator's cases and login, which a restored server has ended", async () => {
  const { db, storage } = await mediator();
  await storage.settle({
    ...told,
    more: false,
    sentCursor: "c1",
    cursor: "d1",
    epoch: "anew",
    changes: [change(HERS)],
  });
  expect(await db.getAllKeys("changes")).toEqual([]);
  expect(await fact(db, "cursor")).toBe("d1");
  expect(await fact(db, "mediator")).toBeUndefined();
});

it("asks a restored server for everything when the answer was to an older question", async () => {
  const { db, storage } = await mediator();
  await storage.settle({
    ...told,
    more: false,
    sentCursor: "c0",
    cursor: "d1",
    epoch: "anew",
    changes: [change(HERS)],
  });
  expect(await db.getAllKeys("changes")).toEqual([]);
  expect(await fact(db, "cursor")).toBeUndefined();
});

it("keeps a login at which it hears of the restore, and sends everything again", async () => {
  const { db, vault } = await openNew();
  const storage = storageOf(db, vault);
  await storage.settle({ ...told, more: false, sentCursor: null, cursor: "c1", epoch: "", changes: [] });
  const sent = {
    opId: uuid7(),
    seq: 1,
    type: "report.confirm",
    entityId: uuid7(),
    envelope: new Uint8Array(),
    digest: "",
  };
  const done = {
    opened: null,
    left: true,
    savedAt: 1,
    attempts: 1,
    notBefore: 0,
    code: null,
    detail: null,
    state: "done",
  } as const;
  await db.put("operations", { ...sent, ...done });
  await keepGrant(db, vault, { name: "Dilnoza", offices: [], until_ms: 2, epoch: "anew" });
  await storage.settle({
    ...told,
    more: false,
    sentCursor: null,
    cursor: "d1",
    epoch: "anew",
    changes: [change(HERS)],
  });
  expect(await db.getAllKeys("changes")).toEqual([["case", HERS]]);
  expect((await db.getAll("operations")).map(({ state }) => state)).toEqual(["pending"]);
});

it("keeps what it has as long as the server is the same", async () => {
  const { db, storage } = await mediator();
  await storage.settle({ ...told, more: false, sentCursor: "c1", cursor: "c2", epoch: "", changes: [] });
  expect(await db.getAllKeys("changes")).toHaveLength(2);
});
