/** Finding a place by its name as people type it: Cyrillic or Latin, with or without the letters that a keyboard lacks. */
import type { Position, Village } from "../../model";

const LATIN: Record<string, string> = Object.fromEntries(
  "аa бb вv гg ғg дd еe ёo жj зz иi ӣi йi кk қk лl мm нn ңng оo өo пp рr сs тt уu үu ӯu ўo фf хh ҳh цs чch ҷj шsh щsh ъ ыi ь эe юu яa yi qk xh"
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(1)]),
);

/** Latin spellings that stand for one sound; the first that fits wins. */
const SOUNDS: [RegExp, string][] = [
  [/dzh|dhz|zh|dj/g, "j"],
  [/kh/g, "h"],
  [/gh/g, "g"],
  [/ng/g, "n"],
  [/ts/g, "s"],
];

/** So many letters typed for each one that may be wrong. */
const LETTERS_A_SLIP = 3;

const heard = new Map<string, string>();

/** The bare sounds of a name: `Ак-Сай`, `Ak-Say` and `aksai` are one. */
export function folded(name: string): string {
  const known = heard.get(name) ?? sounds(name);
  heard.set(name, known);
  return known;
}

/** Word by word, so that what ends one and begins the next makes no sound of its own. */
function sounds(name: string): string {
  const letters = name
    .toLowerCase()
    .normalize("NFC")
    .replace(/y(?=[aou])/g, "")
    .replace(/./gu, (letter) => LATIN[letter] ?? letter);
  const words = letters
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .split(/[^a-z0-9]+/);
  const heard = words.map((word) => SOUNDS.reduce((left, [spelling, sound]) => left.replace(spelling, sound), word));
  return heard.join("").replace(/(.)\1+/g, "$1");
}

/**
 * Those whose name, in any language, holds what was typed; names that begin with it come first. Where none does, those that
 * hold something like it, the most alike first: a letter wrong, missing or too many for every three.
 */
export function matching<Place extends { names: Record<string, string> }>(
  places: readonly Place[],
  typed: string,
): Place[] {
  const wanted = folded(typed);
  const exact = ranked(places, (name) => (name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : NEVER));
  if (exact.length > 0) return exact;
  const most = Math.floor(wanted.length / LETTERS_A_SLIP);
  return ranked(places, (name) => {
    const wrong = slips(name, wanted, 0);
    return wrong <= most ? wrong + slips(name, wanted, 1) / 100 : NEVER;
  });
}

const NEVER = Number.POSITIVE_INFINITY;

/** By the best of a place's names, without those that are never meant. */
function ranked<Place extends { names: Record<string, string> }>(
  places: readonly Place[],
  rank: (name: string) => number,
): Place[] {
  return places
    .map((place) => ({ place, at: Math.min(...Object.values(place.names).map((name) => rank(folded(name)))) }))
    .filter(({ at }) => at < NEVER)
    .sort((one, other) => one.at - other.at)
    .map(({ place }) => place);
}

/**
 * How many letters must be put in, left out or changed to make `wanted` of `name`, when each letter of the name around it counts
 * `outside`: 0 (Sellers' distance to the best part of it) or 1 (Levenshtein's to the whole).
 */
function slips(name: string, wanted: string, outside: 0 | 1): number {
  let column = [...Array(wanted.length + 1).keys()];
  let best = wanted.length;
  for (const letter of name) {
    const next = [(column[0] ?? 0) + outside];
    for (let at = 1; at <= wanted.length; at++) {
      const [across = 0, beside = 0, above = 0] = [column[at - 1], column[at], next[at - 1]];
      next.push(Math.min(across + Number(letter !== wanted[at - 1]), beside + 1, above + 1));
    }
    column = next;
    best = outside ? (next[wanted.length] ?? best) : Math.min(best, next[wanted.length] ?? best);
  }
  return best;
}

/** Those whose place is not known come last, in the order in which they were. */
export function nearestFirst(villages: readonly Village[], from: Position): Village[] {
  const far = (village: Village) => kilometres(village, from) ?? 1e9;
  return [...villages].sort((one, other) => far(one) - far(other));
}

/** On a flat earth, which a rayon is. */
export function kilometres({ at }: Village, { lat, lon }: Position): number | null {
  return at ? 111.2 * Math.hypot(at[0] - lat, (at[1] - lon) * Math.cos((lat * Math.PI) / 180)) : null;
}
