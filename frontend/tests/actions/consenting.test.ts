/** The notice that was agreed to is the present one, or it is asked about anew. */
import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { consent, consented } from "../../src/actions/consenting";
import { setSession } from "../../src/actions/session";
import { fact, keepFact } from "../../src/store/facts";
import { openNew } from "../store/opened";

it("is asked about anew once its words are others", async () => {
  const own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  expect(await consented()).toBe(false);
  await consent();
  expect(await consented()).toBe(true);
  const version = (await fact(own.db, "consent")) ?? 0;
  await keepFact(own.db, "consent", version - 1);
  expect(await consented()).toBe(false);
});
