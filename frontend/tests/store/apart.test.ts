/** Phones are shared, and profiles share nothing. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { Draft, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { putDraft } from "../../src/store/drafts";
import { keepFact } from "../../src/store/facts";
import { forgetCases, keepGrant } from "../../src/store/granting";
import { setLock } from "../../src/store/locking";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { dump } from "./golden/dump.js";
import { type Own, openNew, reported } from "./opened";

const NOW = 1_000_000;

async function withWork(): Promise<Own> {
  const own = await openNew();
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const said = { type: "report.confirm", body: {} } as const;
  const entityId = await reported(own.db, own.vault);
  await keep(own.db, own.vault, { said, entityId, now: NOW, tokens: own.tokens });
  await putDraft(own.db, own.vault, { id: uuid7(), text: "The gate is closed." } as Draft);
  return own;
}

it("opens nothing of another one", async () => {
  globalThis.indexedDB = new IDBFactory();
  const [aijan, eve] = [await withWork(), await withWork()];
  const [draft] = await aijan.db.getAll("drafts");
  await expect(eve.vault.open(draft as NonNullable<typeof draft>)).rejects.toThrow();
  expect(eve.tokens.read).not.toBe(aijan.tokens.read);
});

it("leaves another one's work as it is, whoever logs in, out, locks, sends or is told something", async () => {
  globalThis.indexedDB = new IDBFactory();
  const [aijan, dilnoza] = [await withWork(), await withWork()];
  const before = await dump(aijan.db.name);
  await keepGrant(dilnoza.db, dilnoza.vault, { name: "Dilnoza", offices: [], until_ms: NOW, epoch: "" });
  const few = async () => 1_000;
  expect(await setLock(dilnoza.db, dilnoza.vault, { kind: "pin", code: "2580" }, NOW, few)).toBe("done");
  const storage = storageOf(dilnoza.db, dilnoza.vault);
  const results = (await storage.due(NOW)).map(({ digest }) => ({
    digest,
    status: "applied" as const,
    code: null,
    detail: null,
  }));
  const changes = [{ entity: "case", id: uuid7(), version: 1, data: { text: "A case." } }];
  const nothing = { more: false, sentCursor: null, cursor: "c1", serverMs: 1, epoch: "", now: NOW, retryAt: () => 0 };
  await storage.settle({ ...nothing, results, changes });
  await forgetCases(dilnoza.db);
  expect(await dump(aijan.db.name)).toEqual(before);
});
