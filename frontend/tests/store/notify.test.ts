import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Reference, ReportBody, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { openNew } from "./opened";
import { seen } from "./seen";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const NUMBER = "+996555000001";

it("says what was said here until the server has heard it, and then what the server keeps", async () => {
  const { db, vault, tokens } = await openNew();
  const id = uuid7();
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  await db.put("reports", { id, sealed: await vault.seal({ id, receipt: "00000000044", savedAt: 1, verdict: null }) });
  const say = (notify: string | null) =>
    keep(db, vault, { said: { type: "report.notify", body: { notify } }, entityId: id, now: 2, tokens });
  const card = async () => (await shown(db, vault)).cards[0]?.notify;
  const heard = async (notify: boolean) => {
    for (const one of await db.getAll("operations")) await db.put("operations", { ...one, state: "done" });
    await db.put("changes", { entity: "report", id, version: 1, data: await vault.seal(seen({ notify })) });
  };

  expect(await card()).toBe(false);
  await say(NUMBER);
  expect(await card()).toBe(true);
  const row = await db.get("reports", id);
  expect(JSON.stringify(row && (await vault.open(row.sealed)))).not.toContain(NUMBER);
  await heard(true);
  expect(await card()).toBe(true);
  await say(null);
  expect(await card()).toBe(false);
  await heard(false);
  expect(await card()).toBe(false);
  await say(NUMBER);
  expect(await card()).toBe(true);
  await heard(false); // the case has ended meanwhile
  expect(await card()).toBe(false);
});

it("does not hide that its report was not taken in", async () => {
  const { db, vault, tokens } = await openNew();
  const id = uuid7();
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  await db.put("reports", { id, sealed: await vault.seal({ id, receipt: "00000000044", savedAt: 1, verdict: null }) });
  const say = (said: Said) => keep(db, vault, { said, entityId: id, now: 2, tokens });
  await say({ type: "report.create", body: {} as ReportBody });
  await say({ type: "report.notify", body: { notify: NUMBER } });
  const [created] = await db.getAllFromIndex("operations", "seq");
  if (created) await db.put("operations", { ...created, state: "attention", code: "unknown_category" });
  const [card] = (await shown(db, vault)).cards;
  expect([card?.state, card?.code]).toEqual(["needs_attention", "unknown_category"]);
});
