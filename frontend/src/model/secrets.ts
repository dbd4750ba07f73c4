/** A profile's secret and the two tokens that HKDF-SHA256 derives from it. */
import { base64url, sha256 } from "./bytes";

export interface Tokens {
  /** base64url; only inside operations. */
  write: string;
  /** base64url; the bearer. */
  read: string;
  /** SHA-256 of the read token in hex: names the profile. */
  readHash: string;
}

export function newSecret(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(16));
}

export async function tokensOf(secret: Uint8Array<ArrayBuffer>): Promise<Tokens> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const [write, read] = await Promise.all([derived(key, "aryk write 1"), derived(key, "aryk read 1")]);
  return { write: base64url(write), read: base64url(read), readHash: await sha256(read) };
}

async function derived(key: CryptoKey, info: string): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(wanted, key, 256));
}
