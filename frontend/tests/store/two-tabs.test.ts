import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { OwnReport, Reference, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { keepFact } from "../../src/store/facts";
import { markTexted } from "../../src/store/handing";
import { keep } from "../../src/store/saving";
import { type Own, openNew } from "./opened";

let own: Own;
const id = uuid7();
const report = async () =>
  own.vault.open<OwnReport>((await own.db.get("reports", id))?.sealed as Uint8Array<ArrayBuffer>);
const say = (said: Said, more: object = {}) =>
  keep(own.db, own.vault, { said, entityId: id, now: 1, tokens: own.tokens, ...more });

beforeEach(async () => {
  own = await openNew();
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const text = "The gate is closed.";
  await own.db.put("reports", { id, sealed: await own.vault.seal({ id, text, audience: "office", verdict: null }) });
});

/** The vault of a tab in which, while it seals for the first time, another tab gets something done. */
function slow(meanwhile: () => Promise<unknown>): Vault {
  let first = true;
  const vault = Object.create(own.vault) as Vault;
  vault.seal = async (value) => {
    const sealed = await own.vault.seal(value);
    if (first) {
      first = false;
      await meanwhile();
    }
    return sealed;
  };
  return vault;
}

const wider: Said = { type: "report.audience", body: { audience: "border" } };

it("lose no word on a report to the note that it went by SMS", async () => {
  await markTexted(
    own.db,
    slow(() => say(wider)),
    id,
  );
  const { audience, bySms } = await report();
  expect({ audience, bySms }).toEqual({ audience: "border", bySms: true });
});

it("lose no note to a word", async () => {
  const texted = () => markTexted(own.db, own.vault, id);
  await keep(own.db, slow(texted), { said: wider, entityId: id, now: 1, tokens: own.tokens });
  const { audience, bySms } = await report();
  expect({ audience, bySms }).toEqual({ audience: "border", bySms: true });
});

it("lose none of two words at once, and number them one after the other", async () => {
  const verdict = { said: "disputed" as const, answers: 1 };
  await Promise.all([say(wider), say({ type: "report.dispute", body: { reason: "Dry." } }, { verdict })]);
  const { audience, verdict: kept } = await report();
  expect({ audience, kept }).toEqual({ audience: "border", kept: verdict });
  expect((await own.db.getAll("operations")).map(({ seq }) => seq).sort()).toEqual([1, 2]);
});
