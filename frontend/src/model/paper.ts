/**
 * A key of a mediators' group on paper: the 256 bits of its private half as 52 Crockford base32 symbols, behind four zero bits, and a check symbol
 * modulo 37. Whoever has the paper has the key.
 */
import { base64url, fromBase64url } from "./bytes";
import { CURVE } from "./hpke";
import { CHECK_SYMBOLS, SYMBOLS } from "./receipts";

type Bytes = Uint8Array<ArrayBuffer>;

const DIGITS = 52;
const GROUP = 4;

/** In groups of four, the last one with the check symbol. */
export async function paperOf(pkcs8: Bytes): Promise<string> {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, CURVE, true, ["deriveBits"]);
  const { d = "" } = await crypto.subtle.exportKey("jwk", key);
  const bits = [...fromBase64url(d)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const digits = (bits.padStart(DIGITS * 5, "0").match(/.{5}/g) ?? []).map((five) => Number.parseInt(five, 2));
  const text = digits.map((digit) => SYMBOLS.charAt(digit)).join("") + checkOf(digits);
  return text.replace(new RegExp(`.{${GROUP}}(?=.{2})`, "g"), "$& ");
}

/** The private half that somebody copied from paper; null when it was copied wrong or is another point's. */
export async function keyOfPaper(paper: string, point: Bytes): Promise<Bytes | null> {
  const plain = paper.toUpperCase().replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const digits = [...plain.slice(0, DIGITS)].map((symbol) => SYMBOLS.indexOf(symbol));
  if (plain.length !== DIGITS + 1 || digits.includes(-1) || plain[DIGITS] !== checkOf(digits)) return null;
  const bits = digits
    .map((digit) => digit.toString(2).padStart(5, "0"))
    .join("")
    .slice(-256);
  const d = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const coordinates = { x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) };
  try {
    const jwk = { kty: "EC", crv: "P-256", ext: true, d: base64url(d), ...coordinates };
    const key = await crypto.subtle.importKey("jwk", jwk, CURVE, true, ["deriveBits"]);
    return (await belongs(key, point)) ? new Uint8Array(await crypto.subtle.exportKey("pkcs8", key)) : null;
  } catch {
    return null;
  }
}

/** Whether both give a third party the same secret: not every browser looks at this when it takes a key in. */
async function belongs(key: CryptoKey, point: Bytes): Promise<boolean> {
  const third = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const [one, other] = await Promise.all([
    crypto.subtle.deriveBits({ name: "ECDH", public: third.publicKey }, key, 256),
    crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, third.privateKey, 256),
  ]);
  return base64url(new Uint8Array(one)) === base64url(new Uint8Array(other));
}

function checkOf(digits: number[]): string {
  return CHECK_SYMBOLS.charAt(digits.reduce((rest, digit) => (rest * 32 + digit) % 37, 0));
}
