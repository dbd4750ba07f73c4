/** The names of the demo's villages, typed as people would: what is typed must bring the village to the top of the list. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { matching } from "../../src/ui/report/search";

const rows = readFileSync(new URL("../../../demo/batken/places.csv", import.meta.url), "utf8")
  .trim()
  .split("\n");
const VILLAGES = rows
  .map((row) => row.split(","))
  .filter(([, kind]) => kind === "village")
  .map(([code = "", , , ky = "", ru = "", en = ""]) => ({ code, names: { ky, ru, en } }));
const WITHOUT_ENGLISH = VILLAGES.map(({ code, names }) => ({ code, names: { ...names, en: "" } }));
const TOP = 6;

/** Those whose own spelling does not bring them up, by what was typed. */
function lost(typed: (names: (typeof VILLAGES)[number]["names"]) => string, top = TOP, among = VILLAGES): string[] {
  return VILLAGES.filter((village) => {
    const found = matching(among, typed(village.names)).slice(0, top);
    return !found.some(({ names }) => names.ky === village.names.ky || names.ru === village.names.ru);
  }).map(({ names }) => `${typed(names)} (${names.ky})`);
}

const WITHOUT_OWN_LETTERS: Record<string, string> = { ң: "н", ө: "о", ү: "у", ё: "е" };
const PLAIN_LATIN: Record<string, string> = Object.fromEntries(
  "аa бb вv гg дd еe жj зz иi йy кk лl мm нn ңn оo өo пp рr сs тt уu үu фf хh цts чch шsh ъ ыy ь эe юyu яya"
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(1)]),
);
const each = (table: Record<string, string>) => (name: string) =>
  name.toLowerCase().replace(/./gu, (letter) => table[letter] ?? letter);
/** In the middle, where the eye slips. */
const half = (name: string) => Math.floor(name.length / 2);

describe("the real names", () => {
  it("are found as they are written in each language", () => {
    expect(VILLAGES.length).toBeGreaterThan(200);
    for (const language of ["ky", "ru", "en"] as const) expect(lost((names) => names[language])).toEqual([]);
  });

  it("are found as English writes them on phones that were not sent that, since they sound like the Kyrgyz ones", () => {
    expect(lost(({ en }) => en, TOP, WITHOUT_ENGLISH)).toEqual([]);
  });

  it("are found without hyphens, capitals and the letters that a Russian keyboard lacks", () => {
    expect(lost(({ ky }) => each(WITHOUT_OWN_LETTERS)(ky).replaceAll("-", " "))).toEqual([]);
  });

  it("are found in Latin letters as people write messages", () => {
    expect(lost(({ ky }) => each(PLAIN_LATIN)(ky))).toEqual([]);
    expect(lost(({ ky }) => each({ ...PLAIN_LATIN, ж: "zh", х: "kh", ы: "i", й: "i" })(ky))).toEqual([]);
  });

  it("are found by their beginning", () => {
    expect(lost(({ ky }) => ky.slice(0, Math.max(4, half(ky) + 1)), 40)).toEqual([]);
  });

  it("are found with a letter left out, one too many, a wrong one, or two that changed places", () => {
    const long = (slip: (name: string, at: number) => string) =>
      lost(({ ky }) => (ky.replaceAll("-", "").length < 6 ? ky : slip(ky, half(ky))));
    expect(long((name, at) => name.slice(0, at) + name.slice(at + 1))).toEqual([]);
    expect(long((name, at) => `${name.slice(0, at)}р${name.slice(at)}`)).toEqual([]);
    expect(long((name, at) => `${name.slice(0, at)}м${name.slice(at + 1)}`)).toEqual([]);
    expect(long((name, at) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2))).toEqual(
      [],
    );
  }, 60_000);
});
