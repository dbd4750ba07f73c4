import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue, entries, LANGUAGES } from "../../scripts/catalogues";
import { inOrder, numbered } from "../../scripts/numbering";
import { readPo } from "../../scripts/po";
import { swapped } from "../../src/i18n/swapped";

const SOURCE = resolve(import.meta.dirname, "../../src");
const english = entries("en");
const source = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(resolve(SOURCE, name), "utf8"))
  .join("\n");

/** Every string and template that could be an id; `${…}` in a template stands for any one part of it. */
const said = [...source.matchAll(/"([a-z0-9_.]+)"|`([a-z0-9_.]+(?:\$\{[^}]+\}[a-z0-9_.]*)*)`/g)].map(
  (found) => found[1] ?? found[2] ?? "",
);
const literals = new Set(said.filter((text) => !text.includes("${")));
const templates = said
  .filter((text) => text.includes("."))
  .filter((text) => text.includes("${"))
  .map((text) => new RegExp(`^${text.replaceAll(".", "\\.").replace(/\$\{[^}]+\}/g, "[a-z0-9_.]+")}$`));
const askedFor = [...source.matchAll(/\bt\(\s*"([^"]+)"/g)].map((found) => found[1] ?? "");

/** What is written alike: the order of a date, kilometres. */
const RIGHTLY_ENGLISH: Partial<Record<string, string[]>> = { tg: ["date.form"], uz: ["where.km"] };

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe("the catalogues", () => {
  it("have every id that the screens ask for", () => {
    expect(askedFor.filter((id) => !english.has(id))).toEqual([]);
    expect(askedFor.length).toBeGreaterThan(80);
  });

  it("have words for every id that the screens put together", () => {
    expect(templates.filter((pattern) => ![...english.keys()].some((id) => pattern.test(id)))).toEqual([]);
  });

  it("hold nothing that no screen uses", () => {
    const used = (id: string) => literals.has(id) || templates.some((pattern) => pattern.test(id));
    expect([...english.keys()].filter((id) => !used(id))).toEqual([]);
  });

  it("keep the names of those that the screens put together, and number only what stands whole", () => {
    const { ids, named } = inOrder([...english.keys()]);
    expect([...ids].sort()).toEqual([...english.keys()].sort());
    const nameless = ids.slice(named);
    expect(nameless.length).toBeGreaterThan(100);
    expect(nameless.filter((id) => templates.some((pattern) => pattern.test(id)))).toEqual([]);
    expect([...source.matchAll(/`\$\{[^}]+\}\.[a-z$]/g)].map(String), "its group would not be known").toEqual([]);
    expect(numbered(`t("${nameless[0]}"), t("${ids[0]}"), "report.create"`, { ids, named })).toBe(
      `t(${named}), t("${ids[0]}"), "report.create"`,
    );
  });

  it("have the first language's words back when they were swapped twice", () => {
    const words = Object.values(catalogue("ky")).join("=");
    expect(Buffer.byteLength(swapped(words))).toBeLessThan(Buffer.byteLength(words) * 0.7);
    expect(swapped(swapped(words))).toBe(words);
  });

  it.each(LANGUAGES)("leave nothing untranslated in %s", (language) => {
    const own = entries(language);
    expect([...english.keys()].filter((id) => !own.get(id)?.text.trim())).toEqual([]);
  });

  it.each(LANGUAGES.filter((one) => one !== "en"))("copy no English into %s", (language) => {
    const copied = [...entries(language).values()].filter(({ text, source }) => text.trim() === source.trim());
    expect(copied.map(({ id }) => id)).toEqual(RIGHTLY_ENGLISH[language] ?? []);
  });

  it.each(LANGUAGES)("know no id in %s that English lacks, and quote its English", (language) => {
    const strange = [...entries(language).values()].filter(({ id, source }) => english.get(id)?.source !== source);
    expect(strange).toEqual([]);
  });

  it.each(LANGUAGES)("keep the places to be filled in the words of %s", (language) => {
    const words = catalogue(language);
    const odd = [...english.values()].filter(
      ({ id, source }) => places(words[id] ?? "").join() !== places(source).join(),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  it.each(LANGUAGES)("call the app in %s by one name", (language) => {
    const words = catalogue(language);
    const others = LANGUAGES.map((one) => catalogue(one)["app.name"] ?? "").filter(
      (name) => name !== words["app.name"],
    );
    expect(Object.keys(words).filter((id) => others.some((name) => words[id]?.includes(name)))).toEqual([]);
  });

  it("have the app's name, and the page has none: it is there before it is known what the app is to be called", () => {
    const page = readFileSync(resolve(SOURCE, "../index.html"), "utf8");
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    expect(LANGUAGES.map((one) => catalogue(one)["app.name"]).filter((name) => page.includes(name ?? ""))).toEqual([]);
  });

  it.each(LANGUAGES)("name twelve months in %s", (language) => {
    expect(catalogue(language)["date.months"]?.split(",")).toHaveLength(12);
  });

  it("never show an empty label, whatever a language lacks", () => {
    for (const language of LANGUAGES) expect(Object.values(catalogue(language)).filter((text) => !text)).toEqual([]);
  });

  it("write oʻ and gʻ of Uzbek with one sign, and the stop in a word with another", () => {
    const stray = Object.values(catalogue("uz")).filter((text) => /['`‘’]|(?<![og])ʻ/i.test(text));
    expect(stray).toEqual([]);
  });
});

describe("reading a PO file", () => {
  it("joins lines that a tool has folded, and unescapes them", () => {
    const [entry] = readPo('msgctxt "a.b"\nmsgid ""\n"one "\n"\\"two\\""\nmsgstr "x"\n');
    expect(entry).toEqual({ id: "a.b", source: 'one "two"', text: "x" });
  });

  it("takes a fuzzy translation as missing", () => {
    expect(readPo('#, fuzzy\nmsgctxt "a"\nmsgid "b"\nmsgstr "c"\n')[0]?.text).toBe("");
  });

  it("leaves out what a tool has marked obsolete", () => {
    expect(readPo('#~ msgctxt "a"\n#~ msgid "b"\n#~ msgstr "c"\n')).toEqual([]);
  });

  it("refuses a line that it does not know", () => {
    expect(() => readPo('msgctxt "a"\nmsgplural "b"\n')).toThrow("msgplural");
  });
});
