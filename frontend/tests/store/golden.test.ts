/**
 * What a released app left on a phone is never lost by a newer one: a full outbox from each step of the past is opened at the
 * present one, and so is what a phone carried for others. `GOLDEN=write npx vitest run tests/store/golden.test.ts` writes the dump
 * of a new step; one that was released is never written again, which `golden/SHA256SUMS` holds it to. See docs/releasing.md.
 */
import "fake-indexeddb/auto";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import shown from "../../../tests/vectors/shown.json";
import type { CaseData, OwnFollowUp } from "../../src/model";
import { sha256 } from "../../src/model/bytes";
import { openMedium } from "../../src/model/media";
import { uuid7 } from "../../src/model/uuid7";
import type { Sealed, Vault } from "../../src/model/vault";
import { carriedLoad, carriedStorage, carrying, dropOld, openCarried } from "../../src/store/carried";
import { getDrafts, partsOf } from "../../src/store/drafts";
import { fact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { unlock } from "../../src/store/locking";
import { STEPS } from "../../src/store/migrations";
import { type Database, openProfile, profiles } from "../../src/store/opening";
import { shown as cardsOf } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { fullCarrier, letter } from "./golden/carrying";
import { type Dump, dump, load } from "./golden/dump.js";
import { fullPhone } from "./golden/full";
import { hiddenResident, PICTURES } from "./golden/hidden";
import { BEGUN, GRANT, lockedMediator, TEXTS } from "./golden/mediator";
import { databaseFrom, FOLDER, filesOf, opening, phoneFrom, read } from "./golden/reading";
import { everythingSaid } from "./golden/said";

async function schemaOf({ name }: { name: string }) {
  const { stores } = await dump(name);
  return stores.map(({ rows: _, ...schema }) => schema);
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** As the present app leaves a phone, by the name of its dump, and what opens it. */
const PRESENT = {
  step: { made: fullPhone, version: STEPS.length, vault: async (db: Database) => (await openedOf(db))?.vault },
  said: { made: everythingSaid, version: STEPS.length, vault: async (db: Database) => (await openedOf(db))?.vault },
  locked: { made: lockedMediator, version: STEPS.length, vault: async (db: Database) => (await opening(db)).vault },
  hidden: {
    made: hiddenResident,
    version: STEPS.length,
    vault: async (db: Database) => (await opening(db, PICTURES)).vault,
  },
  carried: { made: async () => [await fullCarrier()], version: 1, vault: async () => undefined },
};

describe.each(Object.entries(PRESENT))("the present version of %s", (name, { made, version, vault }) => {
  const file = new URL(`${name}-${version}.json`, FOLDER);

  it("has a golden dump", async () => {
    if (process.env.GOLDEN === "write" && !existsSync(file)) {
      writeFileSync(file, `${JSON.stringify(await made(), null, 1)}\n`);
    }
    expect(existsSync(file), "GOLDEN=write makes it").toBe(true);
  });

  it("is what the app still writes, under its seals too: what is in the world is not changed", async () => {
    const shapes = async (dumps: Dump[]) => {
      globalThis.indexedDB = new IDBFactory();
      for (const one of dumps) await load(one);
      const own = name === "carried" ? [] : await profiles();
      const keysOf = async (one: Dump) => {
        const profile = own.find(({ id }) => one.name.endsWith(id));
        return profile && (await vault(await openProfile(profile.id)));
      };
      return Promise.all(dumps.map(async (one) => shapesOf(one, await keysOf(one))));
    };
    const now = await made();
    expect(await shapes(now)).toEqual(await shapes(read(file) as Dump[]));
  });
});

describe("a released dump", () => {
  const lines = readFileSync(new URL("SHA256SUMS", FOLDER), "utf8").split("\n");
  const released = lines.filter((line) => /^\w/.test(line)).map((line) => line.split("  ").reverse());

  it.each(released)("%s is what it was", (file = "", sum) => {
    expect(
      createHash("sha256")
        .update(readFileSync(new URL(file, FOLDER)))
        .digest("hex"),
    ).toBe(sum);
  });

  it("is every one but the present version's, and one of each kind", () => {
    const listed = released.map(([file]) => file);
    const present = Object.entries(PRESENT).map(([name, { version }]) => `${name}-${version}.json`);
    expect(listed).toEqual(expect.arrayContaining(filesOf("").filter((file) => !present.includes(file))));
    expect(listed).toEqual(expect.arrayContaining(Object.keys(PRESENT).map((name) => `${name}-1.json`)));
  });
});

async function shapesOf({ stores }: Dump, vault: Vault | undefined) {
  const shaped = stores.map(async ({ rows, ...schema }) => {
    const shapes = rows.map(async ({ key, value }) => [schema.name === "facts" && key, await shapeOf(value, vault)]);
    return { ...schema, rows: (await Promise.all(shapes)).map((one) => JSON.stringify(one)).sort() };
  });
  return Promise.all(shaped);
}

/** The names in a row, those under a seal too, and not what they hold. */
async function shapeOf(value: unknown, vault: Vault | undefined): Promise<unknown> {
  if (Array.isArray(value)) return [...new Set(await Promise.all(value.map((one) => shapeOf(one, vault))))].slice(0, 1);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  if ("$bytes" in value) {
    const sealed = Uint8Array.from(Buffer.from(String(value.$bytes), "base64"));
    const inside: unknown = await vault?.open(sealed).catch(() => undefined);
    return inside === undefined ? "bytes" : { sealed: await shapeOf(sentOf(inside), vault) };
  }
  const named = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(await Promise.all(named.map(async ([name, one]) => [name, await shapeOf(one, vault)])));
}

/** What an operation says, where that is what was sealed. */
const sentOf = (inside: unknown) => (String(inside).startsWith("{") ? JSON.parse(String(inside)) : inside);

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
    const { cards, waiting } = await cardsOf(db, vault);
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
    expect(due.map(({ type }) => type)).toEqual([
      "report.create",
      "report.dispute",
      "report.confirm",
      "report.reply",
      "report.audience",
      "report.consent",
      "report.appeal",
      "report.notify",
      "report.withdraw",
    ]);
    expect(due.map(({ seq }) => seq)).toEqual(due.map(({ seq }) => seq).sort((one, other) => one - other));
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

describe.each(filesOf("locked-"))("a mediator's locked phone from %s", (file) => {
  it("opens with its code and with no other", async () => {
    const db = await databaseFrom(file);
    expect(await openedOf(db)).toBeNull();
    expect(await unlock(db, "0000", Number.MAX_SAFE_INTEGER)).toBe("wrong");
    expect((await opening(db)).tokens.read).toHaveLength(43);
  });

  it("has its login, its cases and its words, said and begun", async () => {
    const db = await databaseFrom(file);
    const { vault } = await opening(db);
    expect(await vault.open((await fact(db, "mediator")) as Sealed)).toEqual(GRANT);
    const [kept] = await db.getAll("changes");
    expect(await vault.open<CaseData>(kept?.data as Sealed)).toEqual(shown.case);
    const said = await Promise.all((await db.getAll("followups")).map((one) => vault.open<OwnFollowUp>(one.sealed)));
    expect(said.map(({ text, whose }) => [text, whose]).sort()).toEqual(TEXTS.map((text) => [text, GRANT.by]).sort());
    const parts = await db.getAll("draftParts");
    const words = parts.find(({ mime }) => mime === "text/plain");
    expect(new TextDecoder().decode(await vault.openBytes(words?.bytes as Sealed))).toBe(BEGUN);
    expect(parts.filter(({ mime }) => mime.startsWith("audio/webm")).map(({ n }) => n)).toEqual([0, 1]);
    const [key] = (await fact(db, "groupKeys")) ?? [];
    expect((await vault.openBytes(key?.private as Sealed)).length).toBeGreaterThan(100);
  });

  it("sends byte for byte what waits, locked and unlocked", async () => {
    const db = await databaseFrom(file);
    const due = await storageOf(db, null).due(Number.MAX_SAFE_INTEGER);
    expect(due.map(({ type }) => type)).toEqual([
      "followup.create",
      "group.key",
      "identity.request",
      "identity.consent",
      "identity.refuse",
    ]);
    for (const { envelope, digest } of due) expect(await sha256(envelope)).toBe(digest);
  });
});

describe.each(filesOf("carried-"))("what was carried for others in %s", (file) => {
  const opened = async () => {
    for (const one of read(file) as Dump[]) await load(one);
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
    for (const { made } of Object.values(PRESENT)) {
      globalThis.indexedDB = new IDBFactory();
      for (const dumped of await made()) {
        await load(dumped);
        expect(await dump(dumped.name)).toEqual(dumped);
      }
    }
  });
});
