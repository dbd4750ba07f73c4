/**
 * HPKE (RFC 9180), the sender's half (the receiver's is in `opening.ts`): base mode, single shot, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, over the
 * browser's own WebCrypto. Names are the RFC's. Tested by opening what it makes with two other implementations.
 */
import { joined } from "./bytes";

type Bytes = Uint8Array<ArrayBuffer>;

export const CURVE = { name: "ECDH", namedCurve: "P-256" };
const HMAC = { name: "HMAC", hash: "SHA-256" };
const NOTHING = new Uint8Array(0);
/** HMAC pads a key with zeros, so this is the empty one, which some browsers refuse to import. */
const NO_SALT = new Uint8Array(32);
const KEM = joined(text("KEM"), Uint8Array.of(0, 0x10));
const SUITE = joined(text("HPKE"), Uint8Array.of(0, 0x10, 0, 0x01, 0, 0x02));

/** `enc` (65 bytes) and `ct` (16 more than `plaintext`) for the owner of `pkR`, an uncompressed point. Throws on what is no point. */
export async function sealBase(pkR: Bytes, info: Bytes, plaintext: Bytes): Promise<{ enc: Bytes; ct: Bytes }> {
  const { enc, sharedSecret } = await encap(pkR);
  const { key, nonce } = await keySchedule(sharedSecret, info);
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const ct = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, plaintext));
  return { enc, ct };
}

async function encap(pkR: Bytes): Promise<{ enc: Bytes; sharedSecret: Bytes }> {
  const theirs = await crypto.subtle.importKey("raw", pkR, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
  return { enc, sharedSecret: await sharedSecretOf(dh, joined(enc, pkR)) };
}

export async function sharedSecretOf(dh: Bytes, kemContext: Bytes): Promise<Bytes> {
  return labeledExpand(KEM, await labeledExtract(KEM, NO_SALT, "eae_prk", dh), "shared_secret", kemContext, 32);
}

export async function keySchedule(sharedSecret: Bytes, info: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const [pskIdHash, infoHash, secret] = await Promise.all([
    labeledExtract(SUITE, NO_SALT, "psk_id_hash", NOTHING),
    labeledExtract(SUITE, NO_SALT, "info_hash", info),
    labeledExtract(SUITE, sharedSecret, "secret", NOTHING),
  ]);
  const context = joined(Uint8Array.of(0), pskIdHash, infoHash);
  const [key, nonce] = await Promise.all([
    labeledExpand(SUITE, secret, "key", context, 32),
    labeledExpand(SUITE, secret, "base_nonce", context, 12),
  ]);
  return { key, nonce };
}

function labeledExtract(suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> {
  return hmac(salt, joined(text("HPKE-v1"), suite, text(label), ikm));
}

/** At most 32 bytes, which is one block of HKDF. */
async function labeledExpand(suite: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const labeled = joined(Uint8Array.of(0, length), text("HPKE-v1"), suite, text(label), info);
  return (await hmac(prk, joined(labeled, Uint8Array.of(1)))).slice(0, length);
}

async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, HMAC, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

function text(ascii: string): Bytes {
  return new TextEncoder().encode(ascii);
}
