/** How far the Cyrillic letters from А to ю are behind `@` to `~`. */
const APART = 0x3d0;

/** Text with those two rows of signs in one another's place; twice is the text again. */
export function swapped(text: string): string {
  return text.replace(/[@-~А-ю]/g, (sign) => {
    const code = sign.charCodeAt(0);
    return String.fromCharCode(code < APART ? code + APART : code - APART);
  });
}
