/** What somebody who copies the phone's storage finds in it. */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { uuid7 } from "../../src/model/uuid7";
import { keepGrant } from "../../src/store/granting";
import { openedOf } from "../../src/store/keys";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { type Dump, dump } from "./golden/dump.js";
import { DETAIL, fullPhone } from "./golden/full";
import { openNew } from "./opened";
import { OFFICE, seen } from "./seen";

const WORDS = [
  "Алынды",
  "Четке кагылды",
  "Күтүп турат",
  "Суу дагы эле жок",
  "Жазылып жатат",
  "water-gate",
  "0000000002",
  DETAIL,
];
const ANSWER = "Дарбаза эртең ачылат";

/** Every byte of every row and every name in it, as text. */
function bytesOf(dumps: Dump[]): string {
  const inside = (value: unknown): string => {
    if (typeof value === "string") return `${value}\n`;
    if (typeof value !== "object" || value === null) return "";
    const [name] = Object.keys(value);
    if (name === "$bytes" || name === "$buffer") {
      return `${Buffer.from(String(Object.values(value)[0]), "base64").toString("utf8")}\n`;
    }
    return Object.entries(value)
      .map(([name, one]) => `${name}\n${inside(one)}`)
      .join("");
  };
  return inside(dumps);
}

async function opened() {
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  const db = await openProfile(profile.id);
  const own = await openedOf(db);
  if (!own) throw new Error("It has no lock.");
  return { profile, db, ...own };
}

async function all(db: Database): Promise<Dump[]> {
  return [await dump("aryk"), await dump(db.name)];
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("at rest", () => {
  it("lies no word, receipt, village or name of a person, and everything is shown all the same", async () => {
    await fullPhone();
    const { db, vault } = await opened();
    const report = (await shown(db, vault)).cards.find(({ state }) => state !== "withdrawing");
    const data = seen({ answers: [{ id: "1", text: ANSWER, language: "ky", at_ms: 1, office: OFFICE, media: [] }] });
    const told = {
      more: false,
      sentCursor: "c1",
      cursor: "c2",
      serverMs: 1,
      epoch: "",
      now: 1,
      results: [],
      retryAt: () => 0,
    };
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

  it("would be found by whoever looks for it", async () => {
    const { db } = await openNew();
    const words = new TextEncoder().encode([...WORDS, ANSWER].join(" "));
    await db.put("facts", { deep: [words, { Dilnoza: true }] }, "language");
    const bytes = bytesOf(await all(db));
    expect([...WORDS, ANSWER, "Dilnoza"].filter((one) => !bytes.includes(one))).toEqual([]);
  });
});

describe("a profile", () => {
  it("is one person to the server, in two tabs that open it first at once and ever after", async () => {
    const db = await openProfile(uuid7());
    const [one, other] = await Promise.all([openedOf(db), openedOf(db)]);
    expect(one?.tokens).toEqual(other?.tokens);
    expect((await openedOf(db))?.tokens).toEqual(one?.tokens);
  });
});
