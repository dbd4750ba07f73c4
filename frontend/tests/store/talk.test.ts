import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { OwnReport, Reference, Said } from "../../src/model";
import { newSecret, tokensOf } from "../../src/model/secrets";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { openProfile } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const QUESTION = {
  id: uuid7(),
  text: "On which day?",
  language: "ky",
  at_ms: 1,
  office: { code: "okmotu", names: {} },
};
const SAID: Said = { type: "report.reply", body: { text: "On Friday.", language: "ky" } };

it("shows a reply at once, and once when the server shows it too", async () => {
  const db = await openProfile(uuid7());
  const id = uuid7();
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  await db.put("reports", { id, receipt: "00000000044", savedAt: 1, verdict: null } as OwnReport);
  const seen = { state: "with_office", answers: [], receipt: "", media: [], talk: [QUESTION] };
  await db.put("changes", { entity: "report", id, version: 1, data: seen });
  await keep(db, { said: SAID, entityId: id, now: 2, tokens: await tokensOf(newSecret()) });
  const talk = async () =>
    (await shown(db)).cards[0]?.talk.map(({ text, office, waiting }) => [text, office?.code, waiting]);
  expect(await talk()).toEqual([
    ["On which day?", "okmotu", undefined],
    ["On Friday.", undefined, true],
  ]);

  const [sent] = await db.getAll("operations");
  const reply = { id: sent?.opId, text: "On Friday.", language: "ky", at_ms: 3, office: null };
  await db.put("changes", { entity: "report", id, version: 2, data: { ...seen, talk: [QUESTION, reply] } });
  expect(await talk()).toEqual([
    ["On which day?", "okmotu", undefined],
    ["On Friday.", undefined, undefined],
  ]);
});
