/**
 * What a released app left on a phone is never lost by a newer one: a full outbox from each step of the past is opened at the
 * present one, and so is what a phone carried for others. `GOLDEN=write npx vitest run tests/store/golden.test.ts` writes the dump
 * of a new step; one that is there is never written again.
 */
import "fake-indexeddb/auto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/model/bytes";
import { openMedium } from "../../src/model/media";
import { uuid7 } from "../../src/model/uuid7";
import { carriedLoad, carriedStorage, carrying, dropOld, openCarried } from "../../src/store/carried";
import { getDrafts, partsOf } from "../../src/store/drafts";
import { fact } from "../../src/store/facts";
import { type Opened, openedOf } from "../../src/store/keys";
import { STEPS } from "../../src/store/migrations";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { fullCarrier, letter } from "./golden/carrying";
import { type Dump, dump, load } from "./golden/dump.js";
import { fullPhone } from "./golden/full";

const FOLDER = new URL("golden/", import.meta.url);
const fileOf = (step: number) => new URL(`step-${step}.json`, FOLDER);
const read = (file: string | URL) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));

async function phoneFrom(file: string): Promise<Opened & { db: Database }> {
  for (const dumped of read(file) as Dump[]) await load(dumped);
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  const db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("It has no lock.");
  return { db, ...opened };
}

async function schemaOf({ name }: { name: string }) {
  const { stores } = await dump(name);
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
    const [, then] = read(fileOf(STEPS.length)) as Dump[];
    expect(shapesOf(now)).toEqual(shapesOf(then));
  });
});

function shapesOf(one: Dump | undefined) {
  return one?.stores.map(({ rows, ...schema }) => ({ ...schema, rows: rows.map(({ value }) => shapeOf(value)) }));
}

/** The names in a row, and not what they hold. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return typeof value;
  return Object.keys(value).sort();
}

const filesOf = (what: string) => readdirSync(FOLDER).filter((name) => name.startsWith(what) && name.endsWith(".json"));
/** One that the next release might have. */
const NEXT: (typeof STEPS)[number] = (db, transaction) => {
  transaction.objectStore("operations").createIndex("entityId" as "seq", "entityId");
  db.createObjectStore("ofTheNextStep" as "drafts");
};

describe.each(
  filesOf("step-").flatMap((file) => [
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

describe("the present version of what is carried for others", () => {
  it("has a golden dump, which is what the app still writes", async () => {
    const now = await fullCarrier();
    const file = new URL(`carried-${now.version}.json`, FOLDER);
    if (process.env.GOLDEN === "write" && !existsSync(file)) writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`);
    expect(existsSync(file), "GOLDEN=write makes it").toBe(true);
    expect(shapesOf(now)).toEqual(shapesOf(read(file) as Dump));
  });
});

describe.each(filesOf("carried-"))("what was carried for others in %s", (file) => {
  const opened = async () => {
    await load(read(file) as Dump);
    return openCarried();
  };

  it("has the present schema once it is opened", async () => {
    const then = await schemaOf(await opened());
    globalThis.indexedDB = new IDBFactory();
    expect(then).toEqual(await schemaOf(await openCarried()));
  });

  it("is handed on byte for byte, in its order", async () => {
    const { envelopes, media } = await carriedLoad(await opened());
    expect(envelopes).toEqual([letter(3), letter(2), letter(4)]);
    const photo = readFileSync(new URL("photo.jpg", FOLDER));
    expect(media.map(({ id, mime }) => [id, mime])).toEqual([
      ["announced", "image/jpeg"],
      ["fresh", "image/jpeg"],
    ]);
    for (const { bytes, sha256: digest } of media) {
      expect(Buffer.from(bytes).equals(photo)).toBe(true);
      expect(await sha256(bytes)).toBe(digest);
    }
  });

  it("is still sent, and leaves with the server's word for it or after two months without", async () => {
    const db = await opened();
    expect(await carrying(db)).toEqual({ envelopes: 3, media: 2, forwarded: 1 });
    const storage = carriedStorage(db);
    expect(await storage.quietUntil()).toBeGreaterThan(0);
    const due = await storage.due(Number.MAX_SAFE_INTEGER);
    expect(due.map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
    const dueMedia = await storage.dueMedia(Number.MAX_SAFE_INTEGER);
    expect(dueMedia.map(({ announced }) => announced)).toEqual([true, false]);
    const serverMs = ((await db.get("facts", "serverMs")) ?? 0) + 61 * 24 * 3_600_000;
    const results = [{ digest: due[1]?.digest ?? "", status: "accepted", code: null, detail: null } as const];
    const nothing = { more: false, sentCursor: null, cursor: null, epoch: null, now: 0, changes: [], retryAt: () => 0 };
    await storage.settle({ ...nothing, serverMs, results });
    await dropOld(db);
    expect(await carrying(db)).toEqual({ envelopes: 1, media: 1, forwarded: 2 });
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
