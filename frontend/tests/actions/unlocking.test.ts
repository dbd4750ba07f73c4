/** The language of whoever opens their lock is the one that somebody chose, and not the one that was spoken for want of its words. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, it, vi } from "vitest";
import type { Language } from "../../src/model";
import { fact, keepFact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { setLock } from "../../src/store/locking";
import { type Database, openProfile, ownProfile } from "../../src/store/opening";

const CODE = "2580";
let db: Database;
let hasWords: boolean;

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { origin: "http://localhost", protocol: "http:" });
vi.stubGlobal("sessionStorage", { getItem: () => null });
vi.stubGlobal("document", { cookie: "", visibilityState: "visible", addEventListener: () => undefined });
vi.stubGlobal("navigator", { languages: ["uz"] });
vi.stubGlobal("fetch", async () => {
  if (!hasWords) throw new TypeError("offline");
  return { ok: true, json: async () => [] };
});

beforeEach(async () => {
  vi.resetModules();
  hasWords = true;
  globalThis.indexedDB = new IDBFactory();
  db = await openProfile((await ownProfile(1)).id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  await keepFact(db, "language", "ru");
  await setLock(db, opened.vault, { kind: "pin", code: CODE }, 1, async () => 1);
});

/** The language that is kept, once the lock was opened; at the gate the person chose this one. */
async function keptAfter(chosen?: Language): Promise<Language | undefined> {
  const { start, unlockWith } = await import("../../src/actions/starting");
  const { chooseLanguage } = await import("../../src/actions/choosing");
  await start();
  if (chosen) await chooseLanguage(chosen);
  expect(await unlockWith(CODE)).toBe("done");
  return fact(db, "language");
}

it("is the one that was kept, though its words did not come", async () => {
  hasWords = false;
  expect(await keptAfter()).toBe("ru");
});

it("is the one that was kept, where its words came", async () => {
  expect(await keptAfter()).toBe("ru");
});

it.each<Language>(["ky", "tg"])("is another one that somebody chose at the gate: %s", async (chosen) => {
  expect(await keptAfter(chosen)).toBe(chosen);
});
