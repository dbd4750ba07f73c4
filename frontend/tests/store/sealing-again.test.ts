import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Reference } from "../../src/model";
import { sealedTo } from "../../src/model/sealing";
import type { Sealed, Vault } from "../../src/model/vault";
import { keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { keep, lostKeys, sealAgain } from "../../src/store/saving";
import { askAgain, storageOf } from "../../src/store/syncing";
import { NOTHING, openNew, reported } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
let db: Database;
let vault: Vault;

async function knowKey(id: string): Promise<void> {
  await keepFact(db, "reference", { sync_key: { id, public: vector.public } } as Reference);
}

async function told(
  status: "applied" | "accepted" | "rejected",
  code: string | null,
  epoch: string | null = null,
): Promise<void> {
  const [sent] = await storageOf(db, vault).due(Number.MAX_SAFE_INTEGER);
  const results = [{ digest: sent?.digest ?? "", status, code, detail: null }];
  await storageOf(db, vault).settle({ ...NOTHING, epoch, results });
}

beforeEach(async () => {
  const own = await openNew();
  ({ db, vault } = own);
  await knowKey(vector.key_id);
  const { tokens } = own;
  const entityId = await reported(db, vault);
  await keep(db, vault, { said: { type: "report.confirm", body: {} }, entityId, now: 1, tokens });
});

describe("what the server could not open", () => {
  it("is sealed again to its new key, the same content, and is due again", async () => {
    const [before] = await db.getAll("operations");
    await told("rejected", "unknown_key");
    expect(await lostKeys(db)).toBe(true);
    expect(await storageOf(db, vault).due(2)).toEqual([]);
    await knowKey("01020304");
    expect(await sealAgain(db, vault)).toBe(true);
    const [after] = await storageOf(db, vault).due(2);
    expect(after?.opened).toEqual(before?.opened);
    expect(after?.digest).not.toBe(before?.digest);
    expect(sealedTo(after?.envelope ?? new Uint8Array())).toBe("01020304");
    expect(await lostKeys(db)).toBe(false);
  });

  it("waits while the server has no new key", async () => {
    await told("rejected", "unknown_key");
    expect(await sealAgain(db, vault)).toBe(false);
    expect(await lostKeys(db)).toBe(true);
  });

  it.each([
    ["was taken back", (opId: string) => db.delete("operations", opId), []],
    ["was sealed again by another tab", () => sealAgain(db, vault), ["pending"]],
  ])("stays as it is when it %s while it is sealed", async (_name, meanwhile, states) => {
    await told("rejected", "unknown_key");
    await knowKey("01020304");
    const [{ opId } = { opId: "" }] = await db.getAll("operations");
    const slow = Object.assign(Object.create(vault) as Vault, {
      open: async (sealed: Sealed) => {
        await meanwhile(opId);
        return vault.open(sealed);
      },
    });
    expect(await sealAgain(db, slow)).toBe(false);
    expect((await db.getAll("operations")).map(({ state }) => state)).toEqual(states);
  });

  it("is sealed again all at once: no report goes without the choice of who may read it", async () => {
    const { tokens } = await openNew();
    for (const audience of ["office", "mediator"] as const) {
      await keep(db, vault, {
        said: { type: "report.audience", body: { audience } },
        entityId: await reported(db, vault),
        now: 1,
        tokens,
      });
    }
    for (const kept of await db.getAll("operations")) {
      await db.put("operations", { ...kept, state: "attention", code: "unknown_key" });
    }
    await knowKey("01020304");
    const { put } = IDBObjectStore.prototype;
    let written = 0;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...row) {
      if (this.name === "operations" && ++written === 3) this.transaction.abort();
      return put.apply(this, row);
    };
    try {
      await expect(sealAgain(db, vault)).rejects.toThrow();
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    expect(await storageOf(db, vault).due(2)).toEqual([]);
    expect(await sealAgain(db, vault)).toBe(true);
    expect(await storageOf(db, vault).due(2)).toHaveLength(3);
  });

  it("is sealed again but for what cannot be read, and all that is of the same report", async () => {
    const { tokens } = await openNew();
    const [spoilt, whole] = [await reported(db, vault), await reported(db, vault)];
    for (const entityId of [spoilt, spoilt, whole]) {
      await keep(db, vault, { said: { type: "report.confirm", body: {} }, entityId, now: 1, tokens });
    }
    const all = await db.getAll("operations");
    const first = all.find(({ entityId }) => entityId === spoilt);
    for (const kept of all) {
      const opened = kept === first ? { ...kept.opened, data: new Uint8Array(40) } : kept.opened;
      await db.put("operations", { ...kept, opened, state: "attention", code: "unknown_key" } as never);
    }
    await knowKey("01020304");
    expect(await sealAgain(db, vault)).toBe(true);
    expect((await storageOf(db, vault).due(2)).map(({ entityId }) => entityId)).toContain(whole);
    expect((await storageOf(db, vault).due(2)).map(({ entityId }) => entityId)).not.toContain(spoilt);
  });

  it("is heard of by a profile that sent it while it was locked, once that is opened", async () => {
    await told("accepted", null);
    expect(await storageOf(db, vault).due(2)).toEqual([]);
    await askAgain(db);
    await told("rejected", "unknown_key");
    await knowKey("01020304");
    expect(await sealAgain(db, vault)).toBe(true);
    expect((await storageOf(db, vault).due(2)).map(({ envelope }) => sealedTo(envelope))).toEqual(["01020304"]);
  });

  it("is not what was refused for another reason", async () => {
    await told("rejected", "unknown_village");
    await knowKey("01020304");
    expect(await sealAgain(db, vault)).toBe(false);
  });
});

describe("a server that was restored to an older state", () => {
  it("is sent everything again, and nothing before that", async () => {
    await told("applied", null, "");
    await told("applied", null, "");
    expect(await storageOf(db, vault).due(2)).toEqual([]);
    await told("applied", null, "5f1c09aa");
    expect((await storageOf(db, vault).due(2)).map(({ state }) => state)).toEqual(["pending"]);
    await told("applied", null, "5f1c09aa");
    expect(await storageOf(db, vault).due(2)).toEqual([]);
  });

  it("is sent again what it had refused: what it kept for a person is gone too", async () => {
    await told("applied", null, "");
    const all = await db.getAll("operations");
    for (const kept of all) await db.put("operations", { ...kept, state: "attention", code: "unknown_village" });
    await told("applied", null, "5f1c09aa");
    expect((await storageOf(db, vault).due(2)).map(({ state }) => state)).toEqual(["pending"]);
  });

  it("that lost the newest key too is sent it sealed to the one it has", async () => {
    await told("applied", null, "");
    await told("applied", null, "5f1c09aa");
    await told("rejected", "unknown_key", "5f1c09aa");
    await knowKey("01020304");
    expect(await sealAgain(db, vault)).toBe(true);
    expect((await storageOf(db, vault).due(2)).map(({ envelope }) => sealedTo(envelope))).toEqual(["01020304"]);
  });
});
