import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, expect, it } from "vitest";
import { saveReport } from "../../src/actions/reporting";
import { setSession } from "../../src/actions/session";
import { outbox, reference } from "../../src/actions/signals";
import type { Draft, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { type Own, openNew } from "../store/opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const names = { ky: "Ак-Сай" };
let own: Own;

beforeEach(async () => {
  globalThis.location = { protocol: "http:" } as Location;
  globalThis.document = { cookie: "" } as Document;
  own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  // Of another rayon than the village's.
  reference.value = { villages: [], rayons: [] } as unknown as Reference;
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
});

it("keeps with a report the village's names as they were chosen, and sends only its code, and the office's", async () => {
  const office = { about_office: "irrigation", officeNames: names };
  const draft = {
    id: uuid7(),
    category: "water-gate",
    village: "1",
    villageNames: names,
    text: "The gate.",
    ...office,
  };
  await saveReport(draft as unknown as Draft);
  expect(outbox.value[0]).toMatchObject({ id: draft.id, village: "1", villageNames: names });
  const [operation] = await own.db.getAll("operations");
  if (!operation?.opened) throw new Error("It was not kept.");
  const { body } = JSON.parse(await own.vault.open<string>(operation.opened)).operation;
  expect(body).toMatchObject({ village: "1", text: "The gate.", about_office: "irrigation" });
  expect(Object.keys(body).filter((key) => /names/i.test(key))).toEqual([]);
});
