import { describe, expect, it } from "vitest";
import { folded, matching } from "../../src/ui/report/search";

const VILLAGES = [
  { code: "1", names: { ky: "Кара-Булак", ru: "Кара-Булак", en: "Kara-Bulak" } },
  { code: "2", names: { ky: "Ак-Сай", ru: "Ак-Сай", en: "Ak-Say" } },
  { code: "3", names: { ky: "Жаңы-Жер", ru: "Джаны-Джер", en: "Dzhany-Dzher" } },
  { code: "4", names: { ky: "Булак-Башы", ru: "Булак-Башы", en: "Bulak-Bashy" } },
  { code: "5", names: { ky: "Үч-Дөбө", ru: "Уч-Дебе", en: "Uch-Debe" } },
  { code: "6", names: { ky: "Сары-Көл", uz: "Sariko‘l" } },
];
const found = (typed: string) => matching(VILLAGES, typed).map(({ code }) => code);

describe("finding a village", () => {
  it.each(["Ак-Сай", "ак сай", "aksai", "Ak-Say", "AKSAY", "аксай"])("takes %s for Ак-Сай", (typed) => {
    expect(found(typed)).toEqual(["2"]);
  });

  it.each(["жаны", "Жаңы", "jany", "zhany", "джаны", "dzhany"])("takes %s for Жаңы-Жер", (typed) => {
    expect(found(typed)).toEqual(["3"]);
  });

  it.each(["уч-добо", "uch dobo", "Үч-Дөбө", "уч дебе"])("takes %s for Үч-Дөбө", (typed) => {
    expect(found(typed)).toEqual(["5"]);
  });

  it.each(["сарикўл", "sarikol", "Сары-Көл"])("takes %s for Сары-Көл", (typed) => {
    expect(found(typed)).toEqual(["6"]);
  });

  it("puts names that begin with what was typed first", () => {
    expect(found("булак")).toEqual(["4", "1"]);
  });

  it("finds nothing for a name that is not there", () => {
    expect(found("Бишкек")).toEqual([]);
  });

  it("hears the same name in a decomposed spelling", () => {
    expect(folded("Ак-Сай".normalize("NFD"))).toBe(folded("Ак-Сай"));
  });
});
