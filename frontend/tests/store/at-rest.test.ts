/** What somebody who copies the phone's storage finds in it. */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ReportData } from "../../src/model";
import { fact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keepGrant, storageOf } from "../../src/store/syncing";
import { type Dump, dump, load } from "./golden/dump.js";
import { fullPhone } from "./golden/full";

const WORDS = [
  "Алынды",
  "Четке кагылды",
  "Күтүп турат",
  "Суу дагы эле жок",
  "Жазылып жатат",
  "water-gate",
  "0000000002",
];
const ANSWER = "Дарбаза эртең ачылат";

/** Every byte of every row, as text. */
function bytesOf(dumps: Dump[]): string {
  const inside = (value: unknown): string => {
    if (typeof value === "string") return `${value}\n`;
    if (typeof value !== "object" || value === null) return "";
    const [name] = Object.keys(value);
    if (name === "$bytes" || name === "$buffer") {
      return `${Buffer.from(String(Object.values(value)[0]), "base64").toString("utf8")}\n`;
    }
    return Object.values(value).map(inside).join("");
  };
  return inside(dumps);
}

async function opened() {
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  const db = await openProfile(profile.id);
  const own = await openedOf(db, profile);
  if (!own) throw new Error("It has no lock.");
  return { profile, db, ...own };
}

async function all(db: Database): Promise<Dump[]> {
  return [await dump("aryk"), await dump(db.name)];
}

async function fromStepOne(): Promise<Dump[]> {
  const dumps = JSON.parse(readFileSync(new URL("golden/step-1.json", import.meta.url), "utf8")) as Dump[];
  for (const one of dumps) await load(one);
  return dumps;
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("at rest", () => {
  it("lies no word, receipt, village or name of a person, and everything is shown all the same", async () => {
    await fullPhone();
    const { db, vault } = await opened();
    const report = (await shown(db, vault)).cards.find(({ state }) => state !== "withdrawing");
    const data = { state: "answered", answers: [{ text: ANSWER }], media: [] } as unknown as ReportData;
    const told = { sentCursor: "c1", cursor: "c2", serverMs: 1, epoch: "", now: 1, results: [], retryAt: () => 0 };
    await storageOf(db, vault).settle({
      ...told,
      changes: [{ entity: "report", id: report?.id ?? "", version: 2, data }],
    });
    await keepGrant(db, vault, { name: "Dilnoza", offices: [], until_ms: 1, epoch: "" });
    const bytes = bytesOf(await all(db));
    const photo = readFileSync(new URL("golden/photo.jpg", import.meta.url))
      .subarray(0, 99)
      .toString("base64");
    expect(JSON.stringify(await all(db))).not.toContain(photo);
    expect([...WORDS, ANSWER, "Dilnoza"].filter((words) => bytes.includes(words))).toEqual([]);
    expect((await shown(db, vault)).cards.flatMap(({ answers }) => answers.map(({ text }) => text))).toEqual([ANSWER]);
  });

  it("lay all of it in clear as an older app left it", async () => {
    const before = await fromStepOne();
    expect(WORDS.filter((words) => !bytesOf(before).includes(words))).toEqual([]);
    const photo = readFileSync(new URL("golden/photo.jpg", import.meta.url))
      .subarray(0, 99)
      .toString("base64");
    expect(JSON.stringify(before)).toContain(photo);
  });
});

describe("what an older app left", () => {
  it("is sealed at the first opening, and its secret with it", async () => {
    const [registry] = await fromStepOne();
    const before = bytesOf([registry as Dump]);
    const { db, tokens } = await opened();
    const bytes = bytesOf(await all(db));
    expect(WORDS.filter((words) => bytes.includes(words))).toEqual([]);
    expect(bytesOf([await dump("aryk")]).length).toBeLessThan(before.length);
    // Still the same person to the server.
    const { tokens: again } = await opened();
    expect(again).toEqual(tokens);
    expect(await fact(db, "unsealed")).toBeUndefined();
  });

  it("is there whole when the phone dies while it is sealed, and is sealed the next time", async () => {
    await fromStepOne();
    const [profile] = await profiles();
    const db = await openProfile(profile?.id ?? "");
    const dying = vi.spyOn(db, "transaction").mockImplementation(() => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    });
    await expect(openedOf(db, profile as NonNullable<typeof profile>)).rejects.toThrow();
    dying.mockRestore();
    db.close();
    const before = bytesOf(await all(db));
    expect(WORDS.filter((words) => !before.includes(words))).toEqual([]);
    const after = await opened();
    expect((await shown(after.db, after.vault)).cards).toHaveLength(4);
    const bytes = bytesOf(await all(after.db));
    expect(WORDS.filter((words) => bytes.includes(words))).toEqual([]);
  });

  it("is shown and sent from a disk that is too full to seal it", async () => {
    await fromStepOne();
    const [profile] = await profiles();
    const db = await openProfile(profile?.id ?? "");
    const real = db.transaction.bind(db);
    const full = vi.spyOn(db, "transaction").mockImplementation(((...given: Parameters<typeof real>) => {
      // Room for the few bytes of the secret, and for no more.
      if ((given[0] as unknown as string[]).length > 5 && given[1] === "readwrite")
        throw new DOMException("Full.", "QuotaExceededError");
      return real(...given);
    }) as never);
    const own = await openedOf(db, profile as NonNullable<typeof profile>);
    if (!own) throw new Error("It has no lock.");
    expect((await shown(db, own.vault)).cards.map(({ text }) => text)).toEqual([
      "",
      "Күтүп турат.",
      "Четке кагылды.",
      "Алынды.",
    ]);
    expect(await storageOf(db, own.vault).due(Number.MAX_SAFE_INTEGER)).toHaveLength(3);
    full.mockRestore();
    expect(await fact(db, "unsealed")).toBe(true);
  });

  it("is sealed once by two tabs that open at once", async () => {
    await fromStepOne();
    const [one, other] = await Promise.all([opened(), opened()]);
    expect(one.tokens).toEqual(other.tokens);
    expect((await shown(one.db, one.vault)).cards).toEqual((await shown(other.db, other.vault)).cards);
  });
});
