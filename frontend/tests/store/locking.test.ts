import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { Draft, Reference } from "../../src/model";
import { getDrafts, putDraft } from "../../src/store/drafts";
import { fact, keepFact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { pauseMs, removeLock, roundsFor, setLock, unlock } from "../../src/store/locking";
import { openProfile } from "../../src/store/opening";
import { keep } from "../../src/store/saving";
import { askAgain, storageOf } from "../../src/store/syncing";
import { NOTHING, type Own, openNew, reported } from "./opened";

const NOW = 1_000_000;
const CODE = "2580";
const WRONG = "0000";
let own: Own;

/** The real number of rounds takes a phone the better part of a second each time. */
const few = async () => 1_000;
const lock = (code = CODE, before?: string) => setLock(own.db, own.vault, { kind: "pin", code, before }, NOW, few);
const draft = (id: string) => ({ id, editedAt: 1, text: "The gate is closed." }) as Draft;

async function anew() {
  own.db.close();
  const db = await openProfile(own.id);
  return { db, opened: await openedOf(db) };
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  own = await openNew();
});

describe("a locked profile", () => {
  it("opens with its code and not without, for the same person and with the same drafts", async () => {
    await putDraft(own.db, own.vault, draft("before"));
    expect(await lock()).toBe("done");
    await putDraft(own.db, own.vault, draft("after"));
    const { db, opened } = await anew();
    expect(opened).toBeNull();
    expect(await unlock(db, WRONG, NOW)).toBe("wrong");
    const again = await unlock(db, CODE, NOW);
    if (typeof again === "string") throw new Error(again);
    expect(again.tokens).toEqual(own.tokens);
    expect((await getDrafts(db, again.vault)).map(({ id }) => id).sort()).toEqual(["after", "before"]);
  });

  it("keeps neither its keys nor its secret in clear, and seals what comes with a key that never was", async () => {
    const before = (await fact(own.db, "keys")) as { plain: Uint8Array };
    await lock();
    const kept = JSON.stringify(await own.db.getAll("facts"));
    expect(kept).not.toContain(JSON.stringify([...before.plain].slice(0, 8)).slice(1, -1));
    expect(Object.keys((await fact(own.db, "keys")) ?? {}).sort()).toEqual(["kind", "rounds", "salt", "wrapped"]);
    await putDraft(own.db, own.vault, draft("a"));
    expect((await own.db.get("drafts", "a"))?.[0]).toBe(1);
  });

  it("gives what waits to the sync, sealed, and lets it be acknowledged", async () => {
    await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
    const said = { type: "report.confirm", body: {} } as const;
    const entityId = await reported(own.db, own.vault);
    await keep(own.db, own.vault, { said, entityId, now: 1, tokens: own.tokens });
    await lock();
    const { db } = await anew();
    const storage = storageOf(db, null);
    const [due] = await storage.due(NOW);
    await storage.attempting([due?.opId ?? ""]);
    const results = [{ digest: due?.digest ?? "", status: "accepted" as const, code: null, detail: null }];
    await storage.settle({ ...NOTHING, now: NOW, results });
    expect((await db.getAll("operations")).map(({ state }) => state)).toEqual(["done"]);
    // Told no more than a carrier is, it asks again once it is open, and then it hears that a person has to look.
    await askAgain(db);
    const [again] = await storage.due(NOW);
    expect(again?.envelope).toEqual(due?.envelope);
    const told = [{ digest: due?.digest ?? "", status: "rejected" as const, code: "invalid", detail: "text" }];
    await storage.settle({ ...NOTHING, now: NOW, results: told });
    await askAgain(db);
    expect((await db.getAll("operations")).map(({ state, code }) => [state, code])).toEqual([["attention", "invalid"]]);
  });
});

describe("a code", () => {
  it("is changed by whoever knows it", async () => {
    await lock();
    expect(await lock("1397", WRONG)).toBe("wrong");
    expect(await lock("1397", CODE)).toBe("done");
    const { db } = await anew();
    expect(await unlock(db, CODE, NOW)).toBe("wrong");
    expect(typeof (await unlock(db, "1397", NOW))).toBe("object");
  });

  it("is taken off by whoever knows it, and everything is there", async () => {
    await lock();
    await putDraft(own.db, own.vault, draft("a"));
    expect(await removeLock(own.db, WRONG, NOW)).toBe("wrong");
    expect(await removeLock(own.db, CODE, NOW)).toBe("done");
    const { db, opened } = await anew();
    expect(opened?.tokens).toEqual(own.tokens);
    expect(opened && (await getDrafts(db, opened.vault))).toHaveLength(1);
  });

  it("that is wrong makes the pauses grow to five minutes and deletes nothing", async () => {
    await lock();
    const pauses: number[] = [];
    let now = NOW;
    for (let tries = 0; tries < 11; tries++) {
      expect(await unlock(own.db, WRONG, now)).toBe("wrong");
      pauses.push(await pauseMs(own.db, now));
      now += pauses.at(-1) ?? 0;
    }
    expect(pauses).toEqual([0, 0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    expect(typeof (await unlock(own.db, CODE, now))).toBe("object");
    expect(await pauseMs(own.db, now)).toBe(0);
  });

  it("is not even looked at during a pause, however the clock was set", async () => {
    await lock();
    for (let tries = 0; tries < 3; tries++) await unlock(own.db, WRONG, NOW);
    expect(await unlock(own.db, CODE, NOW + 4_999)).toBe("wait");
    expect(await pauseMs(own.db, NOW - 1e12)).toBe(5_000);
    expect(typeof (await unlock(own.db, CODE, NOW + 5_000))).toBe("object");
  });
});

describe("the rounds of a lock", () => {
  it("take about as long as a person waits, on a slow phone and on a fast one", () => {
    expect(roundsFor(50)).toBe(700_000);
    expect(roundsFor(10)).toBe(3_500_000);
    expect(roundsFor(2_000)).toBe(200_000);
    expect(roundsFor(0)).toBe(5_000_000);
  });
});
