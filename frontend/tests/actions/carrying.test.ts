import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, it, vi } from "vitest";
import { pack } from "../../src/model/handed";
import { CARRIED } from "../../src/store/carried";
import { letter } from "../store/golden/carrying";

beforeEach(() => {
  vi.resetModules();
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal("fetch", () => Promise.reject(new Error("No network.")));
  vi.stubGlobal("location", { origin: "https://aryk.example" });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined });
});

/** Asked away by somebody who deletes it, or closed behind our back: both as a browser does when its storage is cleared. */
const CLEARED = {
  "by another tab": () =>
    new Promise((done) => {
      indexedDB.deleteDatabase(CARRIED).onsuccess = done;
    }),
  "behind our back": async (native: IDBDatabase) => {
    native.close();
    native.onclose?.(new Event("close"));
  },
};

it.each(Object.entries(CLEARED))("takes in what is brought after its storage was cleared %s", async (_, clear) => {
  const { carried, startCarrying, takeBytes } = await import("../../src/actions/carrying");
  const opened = vi.spyOn(indexedDB, "open");
  await startCarrying();
  const request: IDBOpenDBRequest = opened.mock.results.at(-1)?.value;
  expect(await takeBytes(await pack({ envelopes: [letter(1)], media: [] }))).toBe("taken");
  await clear(request.result);
  expect(await takeBytes(await pack({ envelopes: [letter(2)], media: [] }))).toBe("taken");
  expect(carried.value?.envelopes).toBeGreaterThan(0);
});
