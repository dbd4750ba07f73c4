/**
 * The mediators' part of protected identities: a key of the group, and opening what was sealed to it. It travels with the room. HPKE's
 * receiving half; its names are RFC 9180's.
 */
import { fromBase64url, joined } from "./bytes";
import { CURVE, keySchedule, sharedSecretOf } from "./hpke";
import { HALF_BYTES, halfInfo, mixed } from "./protected";

type Bytes = Uint8Array<ArrayBuffer>;

const POINT_BYTES = 65;

/** A new key: its point, and its private half as PKCS #8. */
export async function newGroupKey(): Promise<{ point: Bytes; pkcs8: Bytes }> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const [point, pkcs8] = await Promise.all([
    crypto.subtle.exportKey("raw", pair.publicKey),
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
  ]);
  return { point: new Uint8Array(point), pkcs8: new Uint8Array(pkcs8) };
}

export interface GroupKey {
  /** As the server names it. */
  id: string;
  point: Bytes;
  pkcs8: Bytes;
}

/** Half `n` of a report, as it was before it was sealed to this key. Rejects when it is another half, another report's or another key's. */
export async function openHalf(sealed: string, n: number, key: GroupKey, reportId: string): Promise<Bytes> {
  const bytes = fromBase64url(sealed);
  const [enc, ct] = [bytes.slice(0, POINT_BYTES), bytes.slice(POINT_BYTES)];
  const skR = await crypto.subtle.importKey("pkcs8", key.pkcs8, CURVE, false, ["deriveBits"]);
  const pkE = await crypto.subtle.importKey("raw", enc, CURVE, false, []);
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: pkE }, skR, 256));
  const shared = await sharedSecretOf(dh, joined(enc, key.point));
  const { key: raw, nonce } = await keySchedule(shared, halfInfo(key.id, n, reportId));
  const aes = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const half = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, aes, ct));
  if (half.length !== HALF_BYTES) throw new Error("This is no half of an identity.");
  return half;
}

/** What the reporter wrote, out of both halves. */
export function putTogether(one: Bytes, other: Bytes): { name: string; contact: string } {
  const words = new TextDecoder().decode(mixed(one, other)).replace(/\0+$/, "");
  const [name = "", contact = ""] = words.split("\n");
  return { name, contact };
}
