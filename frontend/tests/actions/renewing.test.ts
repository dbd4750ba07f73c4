/** The lists and the server's key are renewed for a profile that has said nothing, too, and the server hears of no profile by it. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Reference } from "../../src/model";
import { fact, keepFact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { setLock } from "../../src/store/locking";
import { type Database, openProfile, ownProfile } from "../../src/store/opening";

const CODE = "2580";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const key = (id: string) => ({ id, public: "" });
const lists = { languages: ["ky"], villages: [{ code: "1" }], categories: [] } as unknown as Reference;
let db: Database;
let asked: { address: string; init: RequestInit }[];
let online: boolean;
let seen: (() => void)[];

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { origin: "http://localhost", protocol: "http:" });
vi.stubGlobal("sessionStorage", { getItem: () => null });
const addEventListener = (name: string, hear: () => void) => name === "visibilitychange" && seen.push(hear);
vi.stubGlobal("document", { cookie: "", visibilityState: "visible", addEventListener });
vi.stubGlobal("navigator", { languages: ["ky"] });
vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
  asked.push({ address, init });
  if (!online) throw new TypeError("offline");
  return Response.json({ ...lists, sync_key: key("new") });
});

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  [asked, seen, online] = [[], [], true];
  globalThis.indexedDB = new IDBFactory();
  db = await openProfile((await ownProfile(1)).id);
});

afterEach(() => vi.useRealTimers());

/** What is on the phone came so many hours ago. */
async function came(hours: number): Promise<void> {
  await keepFact(db, "reference", { ...lists, sync_key: key("old") });
  await keepFact(db, "referenceMs", Date.now() - hours * HOUR_MS);
}

async function begin({ locked = false } = {}) {
  const opened = await openedOf(db);
  if (locked && opened) await setLock(db, opened.vault, { kind: "pin", code: CODE }, 1, async () => 1);
  const { start, unlockWith } = await import("../../src/actions/starting");
  const { held, reference } = await import("../../src/actions/signals");
  held.value = true;
  await start();
  await pass(0);
  return { unlockWith, reference };
}

/** So much time, and what comes of it. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left >= 0; left -= MINUTE_MS) {
    await vi.advanceTimersByTimeAsync(Math.min(left, MINUTE_MS));
    for (let turns = 0; turns < 50; turns++) await new Promise((soon) => setImmediate(soon));
  }
}

const renewed = async () => (await fact(db, "reference"))?.sync_key.id === "new";

afterEach(() => {
  // Nothing but the lists, which everybody is given, and nobody's bearer with it.
  for (const { address, init } of asked) {
    expect(address).toMatch(/^\/api\/v1\/reference\?/);
    expect(init).toEqual({ credentials: "omit", redirect: "error" });
  }
});

it("when its lock is opened, and not before", async () => {
  await came(7);
  const { unlockWith } = await begin({ locked: true });
  expect(asked).toEqual([]);
  expect(await unlockWith(CODE)).toBe("done");
  await pass(0);
  expect([await renewed(), asked.length]).toEqual([true, 1]);
});

it("again and again where they did not come before the lock was set", async () => {
  const { unlockWith, reference } = await begin({ locked: true });
  online = false;
  await unlockWith(CODE);
  await pass(0);
  expect(reference.value).toBeNull();
  online = true;
  await pass(20_000);
  expect(reference.value?.sync_key.id).toBe("new");
});

it("when somebody comes back to the app", async () => {
  await came(0);
  await begin();
  vi.setSystemTime(Date.now() + 7 * HOUR_MS);
  for (const look of seen) look();
  await pass(0);
  expect([await renewed(), asked.length]).toEqual([true, 1]);
});

it("every six hours while the app is open, whenever it was opened", async () => {
  await came(4);
  await begin();
  await pass(HOUR_MS);
  expect(asked).toEqual([]);
  await pass(HOUR_MS);
  expect([await renewed(), asked.length]).toEqual([true, 1]);
  for (let hours = 0; hours < 6; hours++) await pass(HOUR_MS);
  expect(asked).toHaveLength(2);
});
