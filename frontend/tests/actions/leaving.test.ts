/** Where the browser keeps nothing, nobody leaves without being asked as long as something of theirs is in the page alone. */
import { IDBKeyRange } from "fake-indexeddb";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

const heard: Record<string, (event: { returnValue?: boolean }) => void> = {};
vi.stubGlobal("addEventListener", (name: string, hear: (event: object) => void) => {
  heard[name] = hear;
});
vi.stubGlobal("location", { origin: "http://localhost", protocol: "http:" });
vi.stubGlobal("sessionStorage", { getItem: () => null });
vi.stubGlobal("document", { cookie: "", visibilityState: "visible", addEventListener: () => undefined });
vi.stubGlobal("navigator", { languages: ["ky"] });
vi.stubGlobal("fetch", async () => {
  throw new TypeError("offline");
});
vi.stubGlobal("indexedDB", {
  open: () => {
    throw new DOMException("", "SecurityError");
  },
});
vi.stubGlobal("IDBKeyRange", IDBKeyRange);

const { draftsKept, keepAppeal, keepWords, start, storageTrouble } = await import("../../src/actions");

function asks(): boolean {
  const event: { returnValue?: boolean } = {};
  heard.beforeunload?.(event);
  return event.returnValue ?? false;
}

beforeAll(start);

beforeEach(async () => {
  expect(storageTrouble.value).toBe("unavailable");
  await draftsKept();
  expect(asks()).toBe(false);
});

it("asks about a reply that was begun, until it is taken out again", async () => {
  keepWords("report", "On Friday.");
  await draftsKept();
  expect(asks()).toBe(true);
  keepWords("report", "");
  await draftsKept();
  expect(asks()).toBe(false);
});

it("asks about an appeal that was begun, until it is left again", async () => {
  keepAppeal("report", { name: "Айжан", address: "", contact: "" });
  await draftsKept();
  expect(asks()).toBe(true);
  keepAppeal("report", null);
  await draftsKept();
  expect(asks()).toBe(false);
});
