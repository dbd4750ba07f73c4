/** Words in the person's language. None of them is in the code: see docs/translating.md. */

import addresses from "virtual:catalogue-addresses";
import { first, ids as shortened } from "virtual:catalogues";
import { signal } from "../signals";

export const LANGUAGES = ["ky", "ru", "tg", "uz", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Names = Partial<Record<string, string>>;

/** Its words are in the code, and are there even where others were lost. */
export const FIRST_LANGUAGE = LANGUAGES[0];

/** The first of the languages that the phone itself is set to which the app speaks too. */
export function phoneLanguage(): Language {
  for (const tag of navigator.languages) {
    const known = LANGUAGES.find((code) => tag.startsWith(code));
    if (known) return known;
  }
  return FIRST_LANGUAGE;
}

let group = "";
/** The build leaves out what the id before began with too. */
const ids = shortened.map((id) => {
  if (id.startsWith(".")) return group + id;
  group = id.replace(/\..*/, "");
  return id;
});

export const language = signal<Language>(FIRST_LANGUAGE);
const catalogue = signal<Record<string, string>>({});
let more: Partial<Record<Language, Record<string, string>>> = {};

let wanted: Language;

/** Speaks a language from now on, fetching its words where they are not in the code; on failure the present one stays, and it throws. The last one that was asked for counts. */
export async function speak(chosen: Language): Promise<void> {
  wanted = chosen;
  const words = chosen === FIRST_LANGUAGE ? first : await fetchWords(addresses[chosen]);
  if (wanted === chosen) speakWith(chosen, Object.fromEntries(words.map((text, at) => [ids[at] ?? at, text])));
}

async function fetchWords(address: string): Promise<string[]> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`catalogue ${address}: ${response.status}`);
  return response.json();
}

/** Speaks a catalogue that is already at hand. */
export function speakWith(chosen: Language, words: Record<string, string>): void {
  catalogue.value = words;
  language.value = chosen;
}

/** Knows more words from now on, in all languages: those of a part of the app that is fetched for itself. */
export function learn(words: Record<Language, Record<string, string>>): void {
  more = words;
}

/** Whether the present catalogue has words of its own for this id. */
export function has(id: string): boolean {
  return wordsOf(id) !== undefined;
}

function wordsOf(id: string): string | undefined {
  return catalogue.value[id] ?? more[language.value]?.[id];
}

/** The words of an id, with {name} places filled in. */
export function t(id: string, values: Record<string, string | number> = {}): string {
  const words = wordsOf(id) ?? "";
  return words.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A name of the reference data in the person's language, else in one that the region reads. */
export function named(names: Names | null | undefined): string {
  return names?.[language.value] || names?.ru || names?.ky || names?.en || Object.values(names ?? {})[0] || "";
}
