/** How far the Cyrillic letters from А to ю are behind `@` to `~`. */
const APART = 0x3d0;
/** The Cyrillic letters that are frequent beside those, each followed by a sign that words hardly need. */
const OTHERS = "ү0ө*ң>я!";

/** Text with those two rows of signs in one another's place, and the others too; twice is the text again. */
export function swapped(text: string): string {
  return text
    .replace(/[@-~А-ю]/g, (sign) => {
      const code = sign.charCodeAt(0);
      return String.fromCharCode(code < APART ? code + APART : code - APART);
    })
    .replace(RegExp(`[${OTHERS}]`, "g"), (sign) => OTHERS.charAt(OTHERS.indexOf(sign) ^ 1));
}
