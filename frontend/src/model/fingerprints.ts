/** What a person compares with a poster, the same as `manage.py rotate_sync_key` prints. */
import { SYMBOLS } from "./receipts";

/** Of the first 60 bits of SHA-256 of the server's key: three groups of four Crockford base32 symbols. */
export async function fingerprint(publicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey));
  const bits = [...digest.subarray(0, 8)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const symbols = (bits.slice(0, 60).match(/.{5}/g) ?? []).map((five) => SYMBOLS.charAt(Number.parseInt(five, 2)));
  return symbols.join("").replace(/(.{4})(?=.)/g, "$1-");
}
