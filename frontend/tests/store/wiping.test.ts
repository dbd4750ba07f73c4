import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, it } from "vitest";
import type { Vault } from "../../src/model/vault";
import { openedOf } from "../../src/store/keys";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { wipe } from "../../src/store/wiping";
import { fullPhone } from "./golden/full";
import { seen } from "./seen";

let db: Database;
let vault: Vault;
const told = { serverMs: 1, epoch: "", now: 1, results: [], retryAt: () => 0 };
const texts = async () => (await shown(db, vault)).cards.map(({ text }) => text);

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  await fullPhone();
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("It has no lock.");
  vault = opened.vault;
});

async function everythingIsTaken(): Promise<void> {
  for (const kept of await db.getAll("operations")) await db.put("operations", { ...kept, state: "done" });
}

it("leaves what is unsent, whatever it was told to take", async () => {
  const all = (await shown(db, vault)).cards.map(({ id }) => id);
  const before = await db.getAll("operations");
  // Of the first one a dispute is unsent; the others were refused, wait, or are being taken back.
  expect(await wipe(db, all)).toEqual([]);
  expect(await db.getAll("operations")).toEqual(before);
  expect(await texts()).toEqual(["", "Күтүп турат.", "Четке кагылды.", "Алынды."]);
});

it("takes the readable copies of what is over, keeps the sealed envelopes, and lets none of it come back", async () => {
  await everythingIsTaken();
  const over = (await shown(db, vault)).cards.find(({ text }) => text === "Алынды.")?.id ?? "";
  const envelopes = (await db.getAll("operations")).map(({ envelope }) => envelope);
  expect(await wipe(db, [over])).toEqual([over]);
  expect(await texts()).toEqual(["", "Күтүп турат.", "Четке кагылды."]);
  const after = await db.getAll("operations");
  expect(after.map(({ envelope }) => envelope)).toEqual(envelopes);
  expect(after.filter(({ entityId }) => entityId === over).every(({ opened }) => opened === null)).toBe(true);
  const change = { entity: "report", id: over, version: 9, data: seen({ state: "solved" }) };
  await storageOf(db, vault).settle({ ...told, more: false, sentCursor: "c1", cursor: "c2", changes: [change] });
  expect(await db.getAllKeys("changes")).toEqual([]);
});

it("goes on counting where it was", async () => {
  await everythingIsTaken();
  const numbers = (await db.getAll("operations")).map(({ seq }) => seq);
  await wipe(
    db,
    (await shown(db, vault)).cards.map(({ id }) => id),
  );
  expect((await db.getAll("operations")).map(({ seq }) => seq)).toEqual(numbers);
});
