/**
 * Receipts: 50 random bits as 10 Crockford base32 symbols and a check symbol (modulo 37). A 50-bit number is exact in a
 * double, so no big integers: Safari compiles those slowly and old Android not at all.
 */

export const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CHECK_SYMBOLS = `${SYMBOLS}*~$=U`;
const LIMIT = 2 ** 50;

/** The 11 characters of a number. Throws RangeError outside 0 … 2⁵⁰−1. */
export function receiptOf(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number >= LIMIT) throw new RangeError("50 bits.");
  let body = "";
  for (let rest = number, at = 0; at < 10; at++, rest = Math.floor(rest / 32)) body = SYMBOLS.charAt(rest % 32) + body;
  return body + CHECK_SYMBOLS.charAt(number % 37);
}

/** A receipt of 50 bits taken from 7 random bytes; of others where its check symbol would be one that nobody can say. */
export function newReceipt(random: Uint8Array = crypto.getRandomValues(new Uint8Array(7))): string {
  let number = (random[0] ?? 0) % 4;
  for (const byte of random.subarray(1, 7)) number = number * 256 + byte;
  const receipt = receiptOf(number);
  return /\w$/.test(receipt) ? receipt : newReceipt();
}

/** Whether 11 characters check. */
export function checks(receipt: string): boolean {
  if (!/^[0-9A-HJKMNP-TV-Z]{10}.$/.test(receipt)) return false;
  let number = 0;
  for (const symbol of receipt.slice(0, 10)) number = number * 32 + SYMBOLS.indexOf(symbol);
  return receiptOf(number) === receipt;
}

/** Letters of a Cyrillic keyboard, and what they look like. */
const CYRILLIC = "АВСЕНКМРТХОУ";
const LATIN = "ABCEHKMPTX0Y";

/** The 11 characters of a receipt as somebody copied it; null when it does not check, undefined while it is too short. */
export function parsed(text: string): string | null | undefined {
  const plain = text.toUpperCase().replace(/[- ]/g, "");
  if (plain.length < 11) return undefined;
  const alike = plain
    .replace(/[А-Я]/g, (letter) => LATIN.charAt(CYRILLIC.indexOf(letter)) || letter)
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return checks(alike) ? alike : null;
}

/** As people read it: XXXX-XXX-XXXC. */
export function grouped(receipt: string): string {
  return `${receipt.slice(0, 4)}-${receipt.slice(4, 7)}-${receipt.slice(7)}`;
}
