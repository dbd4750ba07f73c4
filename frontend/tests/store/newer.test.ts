/** A newer app in another tab wants the database while this one still writes. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, it } from "vitest";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { openProfile } from "../../src/store/opening";

it("has it once everything is written, and not before", async () => {
  const id = uuid7();
  const db = await openProfile(id, async () => {
    await new Promise((then) => setTimeout(then, 5));
    await keepFact(db, "rayon", "the last word");
  });
  const newer = await openDB(`aryk-${id}`, 1000);
  expect(await newer.get("facts", "rayon")).toBe("the last word");
});
