import { beforeEach, describe, expect, it, vi } from "vitest";
import { catalogue, LANGUAGES } from "../../scripts/catalogues";

vi.mock("virtual:catalogues", () => ({ default: {}, ids: [], first: [] }));
const { speakWith, t } = await import("../../src/i18n");
const { clock, day, happenedOf, instant, isoDay } = await import("../../src/i18n/dates");

const EVENING = new Date(2026, 10, 24, 23, 5);

describe("dates", () => {
  beforeEach(() => speakWith("ky", catalogue("ky")));

  it.each([
    ["ky", "2026‑ж., 24‑ноябрь"],
    ["ru", "24 ноября 2026 г."],
    ["tg", "24 Ноябр 2026"],
    ["uz", "24‑noyabr, 2026"],
    ["en", "24 November 2026"],
  ] as const)("are written in %s as %s", (language, written) => {
    speakWith(language, catalogue(language));
    expect(day("2026-11-24")).toBe(written);
    expect(day(EVENING)).toBe(written);
  });

  it.each(LANGUAGES)("end no sentence of %s in two full stops", (language) => {
    const words = catalogue(language);
    speakWith(language, words);
    const dated = Object.keys(words).filter((id) => /\{(date|time)\}/.test(words[id] ?? ""));
    expect(dated.length).toBeGreaterThan(8);
    const said = dated.map((id) => t(id, { date: day(EVENING), time: day(EVENING) }));
    expect(said.filter((text) => text.includes(".."))).toEqual([]);
  });

  it("give the time of day for today only", () => {
    expect(instant(EVENING.getTime(), new Date(2026, 10, 24, 23, 59))).toBe("бүгүн, 23:05");
    expect(instant(EVENING.getTime(), new Date(2026, 10, 25, 0, 1))).toBe("2026‑ж., 24‑ноябрь");
  });

  it("are the phone's own calendar day, also when it is still yesterday in UTC", () => {
    expect(isoDay(new Date(2026, 0, 5, 0, 30))).toBe("2026-01-05");
  });

  it("pad hours and minutes", () => {
    expect(clock(new Date(2026, 0, 5, 7, 3))).toBe("07:03");
  });

  it.each([
    ["now", "2026-11-24", { when: "now", date: null }],
    ["now", "2026-11-23", { when: "date", date: "2026-11-23" }],
    ["today", "2026-11-23", { when: "date", date: "2026-11-23" }],
    ["now", "1970-01-01", { when: "now", date: null }],
    ["now", "2027-01-01", { when: "now", date: null }],
  ] as const)("take %s, said on %s, for what it was on that day", (when, saidOn, sent) => {
    expect(happenedOf({ happened: { when, date: null }, saidOn }, EVENING)).toEqual(sent);
  });
});
