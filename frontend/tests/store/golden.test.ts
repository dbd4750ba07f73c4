/**
 * What a released app left on a phone is never lost by a newer one: a full outbox from each step of the past is opened at the
 * present one. `GOLDEN=write npx vitest run tests/store/golden.test.ts` writes the dump of a new step; one that is there is
 * never written again.
 */
import "fake-indexeddb/auto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/model/bytes";
import { openMedium } from "../../src/model/media";
import { uuid7 } from "../../src/model/uuid7";
import { getDrafts, partsOf } from "../../src/store/drafts";
import { fact } from "../../src/store/facts";
import { type Opened, openedOf } from "../../src/store/keys";
import { STEPS } from "../../src/store/migrations";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { type Dump, dump, load } from "./golden/dump.js";
import { fullPhone } from "./golden/full";

const FOLDER = new URL("golden/", import.meta.url);
const fileOf = (step: number) => new URL(`step-${step}.json`, FOLDER);

async function phoneFrom(file: string): Promise<Opened & { db: Database }> {
  for (const dumped of JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Dump[]) await load(dumped);
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  const db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("It has no lock.");
  return { db, ...opened };
}

async function schemaOf(db: Database) {
  const { stores } = await dump(db.name);
  return stores.map(({ rows: _, ...schema }) => schema);
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("the present step", () => {
  it("has a golden dump", async () => {
    const file = fileOf(STEPS.length);
    if (process.env.GOLDEN === "write" && !existsSync(file)) {
      writeFileSync(file, `${JSON.stringify(await fullPhone(), null, 1)}\n`);
    }
    expect(existsSync(file), "GOLDEN=write makes it").toBe(true);
  });

  it("is what the app still writes: a step that is in the world is not changed", async () => {
    const now = (await fullPhone())[1];
    const then = (JSON.parse(readFileSync(fileOf(STEPS.length), "utf8")) as Dump[])[1];
    const rows = (one: Dump | undefined) =>
      one?.stores.map(({ rows, ...schema }) => ({ ...schema, rows: rows.map(({ value }) => shapeOf(value)) }));
    expect(rows(now)).toEqual(rows(then));
  });
});

/** The names in a row, and not what they hold. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return typeof value;
  return Object.keys(value).sort();
}

const FILES = readdirSync(FOLDER).filter((name) => /^step-\d+\.json$/.test(name));
/** One that the next release might have. */
const NEXT: (typeof STEPS)[number] = (db, transaction) => {
  transaction.objectStore("operations").createIndex("entityId" as "seq", "entityId");
  db.createObjectStore("ofTheNextStep" as "drafts");
};

describe.each(
  FILES.flatMap((file) => [
    { file, app: "this app", steps: [] },
    { file, app: "one with a step more", steps: [NEXT] },
  ]),
)("a full phone from $file, in $app", ({ file, steps }) => {
  beforeEach(() => void STEPS.push(...steps));
  afterEach(() => void STEPS.splice(STEPS.length - steps.length));

  it("has the present schema once it is opened", async () => {
    expect(await schemaOf((await phoneFrom(file)).db)).toEqual(await schemaOf(await openProfile(uuid7())));
  });

  it("shows everything that it showed", async () => {
    const { db, vault } = await phoneFrom(file);
    const { cards, waiting } = await shown(db, vault);
    expect(cards.map(({ text, state, receipt }) => [receipt, state, text])).toEqual([
      ["0000-000-0044", "withdrawing", ""],
      ["0000-000-0033", "saved", "Күтүп турат."],
      ["0000-000-0022", "needs_attention", "Четке кагылды."],
      ["0000-000-0011", "answered", "Алынды."],
    ]);
    expect(waiting).toBe(true);
    const [kept] = await getDrafts(db, vault);
    expect([kept?.text, (await partsOf(db, vault, kept?.id ?? "")).length]).toEqual(["Жазылып жатат.", 1]);
    expect([await fact(db, "language"), await fact(db, "cursor")]).toEqual(["ky", "c1"]);
  });

  it("still sends every sealed operation, byte for byte, in its order", async () => {
    const { db, vault } = await phoneFrom(file);
    const due = await storageOf(db, vault).due(Number.MAX_SAFE_INTEGER);
    expect(due.map(({ type, seq }) => [seq, type])).toEqual([
      [3, "report.create"],
      [4, "report.dispute"],
      [6, "report.withdraw"],
    ]);
    for (const { envelope, digest } of due) expect(await sha256(envelope)).toBe(digest);
  });

  it("still sends every photo, whole, and can show it", async () => {
    const { db, vault } = await phoneFrom(file);
    const media = await storageOf(db, vault).dueMedia(Number.MAX_SAFE_INTEGER);
    expect(media.map(({ role }) => role).sort()).toEqual(["photo", "preview"]);
    const photo = readFileSync(new URL("photo.jpg", FOLDER));
    for (const medium of media) {
      const bytes = medium.bytes ?? new ArrayBuffer(0);
      expect(await sha256(bytes)).toBe(medium.sha256);
      expect(
        Buffer.from(await openMedium(bytes, { id: medium.id, key: await vault.open<string>(medium.key) })).equals(
          photo,
        ),
      ).toBe(true);
    }
  });
});

describe("a dump", () => {
  it("that was loaded is the same dump again", async () => {
    for (const dumped of await fullPhone()) {
      await load(dumped);
      expect(await dump(dumped.name)).toEqual(dumped);
    }
  });
});
