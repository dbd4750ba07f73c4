import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseLanguage, choosePhotosOnWifi, chooseRayon, refreshReference } from "../../src/actions/choosing";
import { lookLikeCalendar } from "../../src/actions/looks";
import { setSession } from "../../src/actions/session";
import { asCalendar, photosOnWifi, reference, storageTrouble } from "../../src/actions/signals";
import { type Language, language } from "../../src/i18n";
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

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  storageTrouble.value = null;
  photosOnWifi.value = false;
});

const lists = {
  ...{ version: "2", languages: [language.value], rayon: null, rayons: [], aimaks: [], villages: [], offices: [] },
  ...{ categories: [], sync_key: { id: "", public: "" }, sms_number: null, group_keys: null, notices: [] },
} satisfies Reference;

/** The disk is full from here on. */
function fill(): void {
  vi.spyOn(db, "put").mockRejectedValue(new DOMException("Full.", "QuotaExceededError"));
}

/** What is asked for, and what answers it; whatever is not answered waits. */
function askedFor(): { addresses: string[]; answer: (at: number, found?: object) => void } {
  const addresses: string[] = [];
  const ends: ((found: object | undefined) => void)[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    addresses.push(address);
    return new Promise((resolve, reject) => {
      ends.push((found) => (found ? resolve(Response.json(found)) : reject(new TypeError("Failed to fetch"))));
    });
  });
  return { addresses, answer: (at, found) => ends[at]?.(found) };
}

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
    await refreshReference(true);
    expect(asked).toBe(1);
  });
});

describe("lists of an older server, or of somebody else", () => {
  async function given(found: object): Promise<Reference | undefined> {
    vi.stubGlobal("fetch", async () => Response.json(found));
    await refreshReference(true);
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

describe("of two rayons that are chosen quickly", () => {
  const rayon = (code: string): Reference => ({ ...lists, rayon: code });

  it.each([
    ["comes last", [1, 0]],
    ["comes first", [0, 1]],
  ])("the last one counts when the first one's list %s", async (_, order) => {
    const { answer } = askedFor();
    const both = [chooseRayon("first"), chooseRayon("last")];
    for (const at of order) answer(at, rayon(["first", "last"][at] ?? ""));
    await Promise.all(both);
    expect(reference.value?.rayon).toBe("last");
    expect(await fact(db, "rayon")).toBe("last");
  });

  it("nothing is said of the first one that does not come, and of the last one it is", async () => {
    const { answer } = askedFor();
    const [first, last] = [chooseRayon("first"), chooseRayon("last")];
    const failed = expect(last).rejects.toThrow();
    answer(0);
    answer(1);
    await expect(first).resolves.toBeUndefined();
    await failed;
  });
});

describe("of two languages that are chosen quickly", () => {
  it("the last one is spoken and kept, whichever comes last", async () => {
    const { answer } = askedFor();
    const both = [chooseLanguage("ru"), chooseLanguage("tg")];
    answer(1, ["а"]);
    await both[1];
    answer(0, ["б"]);
    await both[0];
    expect([language.value, await fact(db, "language")]).toEqual(["tg", "tg"] satisfies Language[]);
    await chooseLanguage("ky");
  });
});

describe("on a full disk", () => {
  it("that photos wait for Wi-Fi is not said of what cannot be kept", async () => {
    fill();
    await choosePhotosOnWifi(true);
    expect([photosOnWifi.value, storageTrouble.value]).toEqual([false, "full"]);
  });

  it("a language is spoken all the same, its categories are asked for, and it is said that it does not fit", async () => {
    fill();
    const { addresses, answer } = askedFor();
    const chosen = chooseLanguage("uz");
    answer(0, ["a"]);
    await chosen;
    expect([language.value, storageTrouble.value]).toEqual(["uz", "full"]);
    await vi.waitFor(() => expect(addresses[1]).toContain("/reference"));
    await chooseLanguage("ky");
  });

  it("the app is said to look like a calendar only where that is kept", () => {
    vi.stubGlobal("localStorage", {
      setItem: () => {
        throw new DOMException("", "QuotaExceededError");
      },
    });
    lookLikeCalendar(true);
    expect([asCalendar.value, storageTrouble.value]).toEqual([false, "full"]);
  });

  it("it is said that a rayon does not fit, and of one that cannot be fetched it is not", async () => {
    fill();
    await expect(chooseRayon("1")).rejects.toThrow();
    expect(storageTrouble.value).toBeNull();
    vi.stubGlobal("fetch", async () => Response.json(lists));
    await expect(chooseRayon("1")).rejects.toThrow();
    expect(storageTrouble.value).toBe("full");
  });
});

it("photos wait for Wi-Fi once that is kept", async () => {
  await choosePhotosOnWifi(true);
  expect([photosOnWifi.value, await fact(db, "photosOnWifi")]).toEqual([true, true]);
});
