/**
 * Turns locale/<language>/LC_MESSAGES/phone.po into words for the phone: those of the first language, in which every phone
 * starts, are in the code; each other one is a small JSON, so that a phone fetches only its own.
 * A message that a language lacks is taken from Russian, then from English: a phone never shows an empty label.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { swapped } from "../src/i18n/swapped.ts";
import { inOrder, numbered } from "./numbering.ts";
import { type Entry, readPo } from "./po.ts";

export const LANGUAGES = ["ky", "ru", "tg", "uz", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
const [FIRST, ...OTHERS] = LANGUAGES;

const BETWEEN = "=";

const LOCALE = resolve(import.meta.dirname, "../../locale");
const SWAPPED = resolve(import.meta.dirname, "../src/i18n/swapped.ts");
const MODULE = "virtual:catalogues";
const RESOLVED = `\0${MODULE}`;
const ADDRESSES_MODULE = "virtual:catalogue-addresses";
const ADDRESSES_RESOLVED = `\0${ADDRESSES_MODULE}`;
const ROOM_MODULE = "virtual:room-words";
const ROOM_RESOLVED = `\0${ROOM_MODULE}`;

/** What only the mediators' room says: it travels with the room, in every language, so that no resident fetches it. */
const OF_THE_ROOM = /^(?:case|visit|history|status|room(?!\.(?:title|failed)$)|code(?=\.not_yours$))\./;

export function poPath(language: Language): string {
  return resolve(LOCALE, language, "LC_MESSAGES/phone.po");
}

/** The entries of one language by their short id. */
export function entries(language: Language): Map<string, Entry> {
  return new Map(readPo(readFileSync(poPath(language), "utf8")).map((entry) => [entry.id, entry]));
}

/** What a phone of this language receives: every id, never an empty text. */
export function catalogue(language: Language): Record<string, string> {
  const own = entries(language);
  const russian = entries("ru");
  const words = (english: Entry): string =>
    [own.get(english.id), russian.get(english.id), english].find((entry) => entry?.text)?.text ?? english.source;
  return Object.fromEntries([...entries("en").values()].map((english) => [english.id, words(english)]));
}

/** The ids travel once, in the code: a language is then its words alone, in this order. */
const order = () => inOrder([...entries("en").keys()].filter((id) => !OF_THE_ROOM.test(id)));
const ids = () => order().ids;

/**
 * The first language's words in one, a few bytes less than many quoted ones, with each Cyrillic letter in the place of a Latin
 * one and the reverse, which a compressed page bears better. The phone swaps them back. Throws when the mark is in a word.
 */
function joined(): string {
  const words = catalogue(FIRST);
  const all = ids().map((id) => words[id] ?? "");
  const marked = all.find((word) => word.includes(BETWEEN));
  if (marked) throw new Error(`“${BETWEEN}” cannot stand in words of the phone: ${marked}`);
  return swapped(all.join(BETWEEN));
}

/** Without the part before the dot where it is that of the id before: `net.idle .never`. The phone puts it back. */
function shortened(all: string[]): string[] {
  const group = (id: string | undefined) => id?.match(/^[^.]+(?=\.)/)?.[0];
  return all.map((id, at) => (group(id) && group(id) === group(all[at - 1]) ? id.slice(group(id)?.length) : id));
}

function wordsOf(language: Language): string {
  const words = catalogue(language);
  return JSON.stringify(ids().map((id) => words[id]));
}

function roomWords(): string {
  const only = [...entries("en").keys()].filter((id) => OF_THE_ROOM.test(id));
  const words = (language: Language) => Object.fromEntries(only.map((id) => [id, catalogue(language)[id]]));
  return JSON.stringify(Object.fromEntries(LANGUAGES.map((language) => [language, words(language)])));
}

/** What the app is called on a home screen, for the server's manifest: as itself and as a calendar. */
function names() {
  const both = (words: Record<string, string>) => [words["app.name"], words["app.calendar"]];
  return Object.fromEntries(LANGUAGES.map((language) => [language, both(catalogue(language))]));
}

/** Provides `virtual:catalogues`: the ids and the first language's words; and the address of each other one's JSON. */
export function catalogues(): Plugin {
  let serving = false;
  let files: Record<string, string> = {};
  let placed = order();
  const address = (language: Language) =>
    serving ? JSON.stringify(`/@catalogue/${language}.json`) : `import.meta.ROLLUP_FILE_URL_${files[language]}`;
  const addresses = () => OTHERS.map((language) => `${language}: ${address(language)}`).join(", ");
  return {
    name: "aryk-catalogues",
    configResolved(config) {
      serving = config.command === "serve";
    },
    buildStart() {
      for (const language of LANGUAGES) this.addWatchFile(poPath(language));
      if (serving) return;
      placed = order();
      const emit = (language: Language) =>
        this.emitFile({ type: "asset", name: `${language}.json`, source: wordsOf(language) });
      files = Object.fromEntries(OTHERS.map((language) => [language, emit(language)]));
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "names.json", source: JSON.stringify(names()) });
    },
    // The development server's modules change one at a time, so there the ids stay as they are written.
    transform: (code, id) => (serving || !id.includes("/src/") ? null : { code: numbered(code, placed), map: null }),
    resolveId: (id) => ([MODULE, ADDRESSES_MODULE, ROOM_MODULE].includes(id) ? `\0${id}` : undefined),
    load(id) {
      if (id === ROOM_RESOLVED) return `export default ${roomWords()};`;
      if (id === ADDRESSES_RESOLVED) return `export default {${addresses()}};`;
      if (id !== RESOLVED) return undefined;
      const { ids, named } = order();
      const names = shortened(serving ? ids : ids.slice(0, named)).join(" ");
      return `export const ids = ${JSON.stringify(names)}.split(" ");
        import { swapped } from "${SWAPPED}"; export const first = swapped(${JSON.stringify(joined())}).split("${BETWEEN}");`;
    },
    configureServer(server) {
      server.middlewares.use("/@catalogue", (request, response, next) => {
        const language = LANGUAGES.find((code) => request.url?.startsWith(`/${code}.json`));
        if (!language) return next();
        response.setHeader("Content-Type", "application/json");
        response.end(wordsOf(language));
      });
    },
  };
}
