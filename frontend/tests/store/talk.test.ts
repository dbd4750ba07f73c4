import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Reference, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { openNew } from "./opened";
import { OFFICE, seen } from "./seen";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const QUESTION = {
  id: uuid7(),
  text: "On which day?",
  language: "ky",
  at_ms: 1,
  office: OFFICE,
  media: [],
};
const SAID: Said = { type: "report.reply", body: { text: "On Friday.", language: "ky" } };

it("shows a reply at once, and once when the server shows it too", async () => {
  const { db, vault, tokens } = await openNew();
  const id = uuid7();
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  await db.put("reports", { id, sealed: await vault.seal({ id, receipt: "00000000044", savedAt: 1, verdict: null }) });
  await db.put("changes", { entity: "report", id, version: 1, data: await vault.seal(seen({ talk: [QUESTION] })) });
  await keep(db, vault, { said: SAID, entityId: id, now: 2, tokens });
  const talk = async () =>
    (await shown(db, vault)).cards[0]?.talk.map(({ text, office, waiting }) => [text, office?.code, waiting]);
  expect(await talk()).toEqual([
    ["On which day?", "okmotu", undefined],
    ["On Friday.", undefined, true],
  ]);

  const [sent] = await db.getAll("operations");
  const reply = { id: sent?.opId ?? "", text: "On Friday.", language: "ky", at_ms: 3, office: null, media: [] };
  const data = await vault.seal(seen({ talk: [QUESTION, reply] }));
  await db.put("changes", { entity: "report", id, version: 2, data });
  expect(await talk()).toEqual([
    ["On which day?", "okmotu", undefined],
    ["On Friday.", undefined, undefined],
  ]);
});
