/** What a released app left of a resident, in every shape and as far as it came, is whole in a newer one: see golden.test.ts. */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/model/bytes";
import { openMedium } from "../../src/model/media";
import { getDrafts, partsOf } from "../../src/store/drafts";
import { fact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { unlock } from "../../src/store/locking";
import { openProfile, profiles } from "../../src/store/opening";
import { shown as cardsOf } from "../../src/store/reading";
import { storageOf } from "../../src/store/syncing";
import { HIDDEN, PICTURES, UNFINISHED } from "./golden/hidden";
import { CODE } from "./golden/mediator";
import { databaseFrom, FOLDER, filesOf, opening, phoneFrom } from "./golden/reading";
import { BEGUN as REPLY } from "./golden/said";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe.each(filesOf("said-"))("a phone on which everything was said, from %s", (file) => {
  it("shows all of it, as far as it came", async () => {
    const { db, vault } = await phoneFrom(file);
    const { cards } = await cardsOf(db, vault);
    const told = cards.map(({ text, state, code, media }) => [text, state, code, media.map((one) => one.state).join()]);
    expect(told.sort()).toEqual([
      ["", "saved", null, "expected"],
      ["", "withdrawing", null, ""],
      ["SMS менен.", "by_sms", null, ""],
      ["Айылда.", "with_office", null, "unusable,expected"],
      ["Корголгон.", "needs_attention", "conflict", "expected"],
      ["Коркунучтуу.", "answered", null, "received,received"],
      ["Кызматкер жөнүндө.", "arrived", null, "unusable"],
      ["Ортомчуга гана.", "sending", null, ""],
      ["Расмий арыз.", "needs_attention", "unknown_key", ""],
      ["Тизмеде жок.", "needs_attention", "unknown_village", ""],
      ["Ушул жерде.", "saved", null, ""],
      ["Эч жакка кете элек.", "saved", null, ""],
    ]);
    const marked = (what: "deletable" | "unlisted" | "notify" | "verdict") =>
      cards.filter((card) => card[what]).map(({ text }) => text);
    expect(marked("unlisted")).toEqual(["Тизмеде жок."]);
    expect(marked("notify")).toEqual(["Коркунучтуу."]);
    expect(marked("verdict").sort()).toEqual(["Кызматкер жөнүндө."]);
    expect(cards.filter(({ deletable }) => deletable === "never").map(({ text }) => text)).toEqual([
      "Эч жакка кете элек.",
    ]);
    const danger = cards.find(({ state }) => state === "answered");
    expect(danger?.disputes).toHaveLength(1);
    expect(danger?.talk.map(({ text, waiting }) => [text, waiting])).toEqual([
      ["Үчүнчү үй.", false],
      ["", true],
    ]);
  });

  it("still sends what waits, byte for byte, and every photo and recording whole", async () => {
    const { db, vault } = await phoneFrom(file);
    const storage = storageOf(db, vault);
    const due = await storage.due(Number.MAX_SAFE_INTEGER - 1);
    expect(due.map(({ state, left, attempts, code }) => [state, left, attempts, code].join()).sort()).toEqual([
      "attempting,true,0,",
      ...Array(10).fill("pending,false,0,"),
      "pending,true,0,",
      "pending,true,1,",
      "pending,true,1,",
      "pending,true,1,waiting",
      "pending,true,2,",
    ]);
    for (const { envelope, digest } of due) expect(await sha256(envelope)).toBe(digest);
    const media = await storage.dueMedia(Number.MAX_SAFE_INTEGER - 1);
    expect(media.map(({ role, announced, attempts }) => [role, announced, attempts].join()).sort()).toEqual([
      "photo,false,0",
      "photo,false,0",
      "photo,false,1",
      "voice,false,0",
      "voice,false,0",
      "voice,true,0",
    ]);
    for (const { bytes, sha256: digest } of media) expect(await sha256(bytes ?? new ArrayBuffer(0))).toBe(digest);
  });

  it("can play what an office said, and what was said itself", async () => {
    const { db, vault } = await phoneFrom(file);
    const voice = readFileSync(new URL("voice.webm", FOLDER));
    const all = (await db.getAll("media")).filter(({ role }) => role === "voice");
    const here = await Promise.all(all.map(async (one) => [one, await db.get("mediaBytes", one.id)] as const));
    expect(here.filter(([, bytes]) => !bytes).map(([{ state }]) => state)).toEqual(["received"]);
    for (const [{ id, key }, bytes] of here) {
      const opened = bytes && (await openMedium(bytes, { id, key: await vault.open<string>(key) }));
      if (opened) expect(Buffer.from(opened).equals(voice)).toBe(true);
    }
    expect(here).toHaveLength(5);
  });

  it("has what was begun, and the words of nobody who was wiped or logged out", async () => {
    const { db, vault } = await phoneFrom(file);
    const drafts = await getDrafts(db, vault);
    expect(
      drafts.map(({ accuses, points, officeNames, position }) => [accuses, !!points, !!officeNames, !!position]),
    ).toEqual(
      expect.arrayContaining([
        ["named", true, true, true],
        ["unlisted", false, false, false],
      ]),
    );
    const parts = await Promise.all((await db.getAllKeys("drafts")).map((id) => partsOf(db, vault, id)));
    expect(
      parts
        .flat()
        .map(({ mime, n }) => [mime.split(";")[0], n].join())
        .sort(),
    ).toEqual(["audio/webm,0", "audio/webm,1", "image/jpeg,0"]);
    const words = (await db.getAll("draftParts")).filter(({ mime }) => mime === "text/plain");
    const said = await Promise.all(
      words.map(async ({ bytes }) => new TextDecoder().decode(await vault.openBytes(bytes))),
    );
    expect(said).toContain(REPLY);
    expect((await db.getAll("operations")).filter(({ opened }) => !opened)).toHaveLength(1);
    const other = await openProfile((await profiles())[1]?.id ?? "");
    expect(await fact(other, "givingBack")).toBe(true);
    expect(await fact(other, "mediator")).toBeUndefined();
    expect((await other.getAll("operations")).map(({ opened }) => opened !== null).sort()).toEqual([false, true]);
    expect(await other.count("followups")).toBe(1);
  });
});

describe.each(filesOf("hidden-"))("a resident's phone behind pictures from %s", (file) => {
  it("opens with them alone, and has what was said before the lock and under it", async () => {
    const db = await databaseFrom(file);
    expect(await openedOf(db)).toBeNull();
    const { vault } = await opening(db, PICTURES);
    expect(await unlock(db, CODE, Number.MAX_SAFE_INTEGER)).toBe("wrong");
    const { cards } = await cardsOf(db, vault);
    expect(cards.map(({ text }) => text).sort()).toEqual([...HIDDEN].sort());
    const [begun] = await getDrafts(db, vault);
    expect([begun?.text, (await partsOf(db, vault, begun?.id ?? "")).length]).toEqual([UNFINISHED, 1]);
    for (const { id, key } of await db.getAll("media")) {
      const bytes = (await db.get("mediaBytes", id)) ?? new ArrayBuffer(0);
      expect((await openMedium(bytes, { id, key: await vault.open<string>(key) })).length).toBeGreaterThan(500);
    }
  });

  it("sends while it is locked", async () => {
    const storage = storageOf(await databaseFrom(file), null);
    const due = await storage.due(Number.MAX_SAFE_INTEGER);
    expect(due.map(({ type }) => type)).toEqual(["report.create"]);
    for (const { envelope, digest } of due) expect(await sha256(envelope)).toBe(digest);
    expect(await storage.dueMedia(Number.MAX_SAFE_INTEGER)).toHaveLength(3);
  });
});
