import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { refresh, setSession } from "../../src/actions/session";
import { cases, mediator } from "../../src/actions/signals";
import { forgetCases, keepGrant } from "../../src/store/granting";
import { openNew } from "../store/opened";

it("shows nothing of what is past, when a look that began before a log-out ends after it", async () => {
  const own = await openNew();
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let slow = true;
  const open = own.vault.open.bind(own.vault);
  const vault = Object.assign(Object.create(own.vault), {
    open: async (sealed: never) => {
      if (slow) await held;
      return open(sealed);
    },
  });
  setSession({ ...own, vault, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await keepGrant(own.db, own.vault, { name: "Dilnoza", offices: [], until_ms: 1, epoch: "" });
  const CASE = { reports: [], followups: [], history: [], answers: [], opened_ms: 1 };
  await own.db.put("changes", { entity: "case", id: "a", version: 1, data: await own.vault.seal(CASE) });
  const before = refresh();
  // It has read what is kept, and is opening it.
  await new Promise((then) => setTimeout(then, 50));
  slow = false;
  await forgetCases(own.db);
  await refresh();
  expect([mediator.value, cases.value]).toEqual([null, []]);
  goOn();
  await before;
  expect([mediator.value, cases.value]).toEqual([null, []]);
});
