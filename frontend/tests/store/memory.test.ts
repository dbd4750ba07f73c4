/** A browser that keeps nothing: what is said goes the same road through the memory of the page. */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import type { Reference, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { openInMemory } from "../../src/store/memory";
import { anyProfiles, openWith } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { type Own, openNew, reported } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const SAID: Said = { type: "report.reply", body: { text: "On Friday.", language: "ky" } };

beforeAll(() => openWith(openInMemory));

async function person(): Promise<Own> {
  const own = await openNew();
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  return own;
}

it("leaves nothing with the browser, and is the same person for as long as the page is open", async () => {
  const [{ id }] = await anyProfiles(1);
  expect(await anyProfiles(2)).toEqual([{ id, createdAt: 1 }]);
  await openNew(id);
  expect(await indexedDB.databases()).toEqual([]);
});

it("counts what is said at the same time one after the other, and gives it to the sync in this order", async () => {
  const { db, vault, tokens } = await person();
  const ids = await Promise.all([0, 1, 2].map(() => reported(db, vault)));
  await Promise.all(ids.map((entityId) => keep(db, vault, { said: SAID, entityId, now: 2, tokens })));
  expect((await db.getAllFromIndex("operations", "seq")).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const due = await storageOf(db, vault, () => false).due(10);
  expect(due).toHaveLength(3);
});

it("writes all of it or nothing", async () => {
  const { db, vault, tokens } = await person();
  const id = uuid7();
  expect(await db.put("followups", { id, sealed: new Uint8Array(1) as never })).toBe(id);
  const followUp = { id } as never;
  await expect(keep(db, vault, { said: SAID, entityId: id, now: 2, tokens, followUp })).rejects.toThrow();
  expect(await db.getAll("operations")).toEqual([]);
  expect((await shown(db, vault).catch(() => ({ waiting: false }))).waiting).toBe(false);
});

it("keeps what is there when it is written over, and forgets a range", async () => {
  const { db } = await person();
  const part = (id: string, n: number) => ({ draft: "d", id, n, mime: "", bytes: new Uint8Array(1) as never });
  for (const [id, n] of [
    ["b", 0],
    ["a", 10],
    ["a", 9],
  ] as const)
    await db.put("draftParts", part(id, n));
  expect((await db.getAllKeys("draftParts")).map(String)).toEqual(["a,9", "a,10", "b,0"]);
  await db.delete("draftParts", IDBKeyRange.bound(["a"], ["a", []]));
  expect(await db.getAllFromIndex("draftParts", "draft", "d")).toEqual([part("b", 0)]);
});
