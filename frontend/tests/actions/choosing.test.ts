import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refreshReference } from "../../src/actions/choosing";
import { setSession } from "../../src/actions/session";
import { reference } from "../../src/actions/signals";
import { language } from "../../src/i18n";
import type { Reference } from "../../src/model";
import { fact, keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { openNew } from "../store/opened";

const HOUR_MS = 3_600_000;
let db: Database;
let asked: number;

beforeEach(async () => {
  const own = await openNew();
  ({ db } = own);
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  reference.value = { languages: [language.value] } as Reference;
  asked = 0;
  vi.stubGlobal("fetch", () => Promise.reject(new Error(`${++asked}`)));
});

afterEach(() => vi.unstubAllGlobals());

describe("villages and the key that phones seal to", () => {
  it.each([
    ["an hour ago", -1, 0],
    ["seven hours ago", -7, 1],
    ["by a clock that was set back since", 9_000, 1],
  ])("that came %s (%d h) are asked for %d times", async (_name, hours, times) => {
    await keepFact(db, "referenceMs", Date.now() + hours * HOUR_MS);
    await refreshReference();
    expect(asked).toBe(times);
  });

  it("are asked for at once when the server knows better", async () => {
    await keepFact(db, "referenceMs", Date.now());
    await refreshReference({ stale: true });
    expect(asked).toBe(1);
  });
});

describe("lists of an older server, or of somebody else", () => {
  const lists = {
    ...{ version: "2", languages: [language.value], rayon: null, rayons: [], aimaks: [], villages: [], offices: [] },
    ...{ categories: [], sync_key: { id: "", public: "" }, sms_number: null, group_keys: null, notices: [] },
  } satisfies Reference;

  async function given(found: object): Promise<Reference | undefined> {
    vi.stubGlobal("fetch", async () => Response.json(found));
    await refreshReference({ stale: true });
    return fact(db, "reference");
  }

  it.each(["version", "sms_number", "group_keys", "notices"] as const)("are taken without %s", async (name) => {
    const { [name]: _, ...found } = lists;
    expect(await given(found)).toEqual(found);
  });

  it.each(["languages", "villages", "categories", "sync_key"] as const)("are not taken without %s", async (name) => {
    const { [name]: _, ...found } = lists;
    expect(await given(found)).toBeUndefined();
  });
});
