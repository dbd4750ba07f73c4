/** Finding a place by its name as people type it: Cyrillic or Latin, with or without the letters that a keyboard lacks. */

const LATIN: Record<string, string> = Object.fromEntries(
  "аa бb вv гg ғg дd еe ёo жj зz иi ӣi йi кk қk лl мm нn ңng оo өo пp рr сs тt уu үu ӯu фf хh ҳh цs чch ҷj шsh щsh ъ ыi ь эe юu яa yi qk xh"
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
  [/i(?=[aou])/g, ""],
  [/(.)\1+/g, "$1"],
];

/** The bare sounds of a name: `Ак-Сай`, `Ak-Say` and `aksai` are one. */
export function folded(name: string): string {
  const letters = name
    .toLowerCase()
    .normalize("NFC")
    .replace(/./gu, (letter) => LATIN[letter] ?? letter);
  const plain = letters.normalize("NFD").replace(/[^a-z0-9]/g, "");
  return SOUNDS.reduce((word, [spelling, sound]) => word.replace(spelling, sound), plain);
}

/** Those whose name, in any language, holds what was typed; names that begin with it come first. */
export function matching<Place extends { names: Record<string, string> }>(
  places: readonly Place[],
  typed: string,
): Place[] {
  const wanted = folded(typed);
  const rank = (place: Place) => Math.min(...Object.values(place.names).map((name) => position(folded(name), wanted)));
  return places
    .map((place) => ({ place, at: rank(place) }))
    .filter(({ at }) => at < Number.POSITIVE_INFINITY)
    .sort((one, other) => Number(one.at > 0) - Number(other.at > 0))
    .map(({ place }) => place);
}

function position(name: string, wanted: string): number {
  const at = name.indexOf(wanted);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
