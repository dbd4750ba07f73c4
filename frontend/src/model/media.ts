/**
 * Sealing photos and recordings, as docs/sync.md says: AES-256-GCM in frames of 65,536 bytes, a key for each medium. A
 * frame's nonce says its place and whether it is the last; the medium's id is bound to every frame.
 */
import { base64url, fromBase64url, fromHex, sha256 } from "./bytes";

const FRAME = 65_536;
const TAG = 16;
const NAMING = new TextEncoder().encode("aryk medium 1");

export interface SealedMedium {
  id: string;
  /** base64url of 32 bytes; travels in the operation. */
  key: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Throws RangeError for an empty one. The key gives the id, so that whoever only carries the bytes cannot name them in a report of their
 * own; what came from the server has one already. `raw` is given in tests alone.
 */
export async function sealMedium(
  plain: ArrayBuffer,
  raw = crypto.getRandomValues(new Uint8Array(32)),
  named?: string,
): Promise<SealedMedium> {
  if (plain.byteLength === 0) throw new RangeError("An empty medium.");
  const id = named ?? (await idOf(raw));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const seal = (frame: ArrayBuffer, how: AesGcmParams) => crypto.subtle.encrypt(how, key, frame);
  return { id, key: base64url(raw), bytes: await framed(plain, FRAME, id, seal) };
}

async function idOf(raw: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await sha256(new Uint8Array([...NAMING, ...raw]));
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Throws what WebCrypto throws when the bytes are not whole or not this medium's. */
export async function openMedium(
  sealed: ArrayBuffer,
  { id, key }: { id: string; key: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const opening = await crypto.subtle.importKey("raw", fromBase64url(key), "AES-GCM", false, ["decrypt"]);
  const open = (frame: ArrayBuffer, how: AesGcmParams) => crypto.subtle.decrypt(how, opening, frame);
  return framed(sealed, FRAME + TAG, id, open);
}

type Cipher = (frame: ArrayBuffer, how: AesGcmParams) => Promise<ArrayBuffer>;

async function framed(from: ArrayBuffer, size: number, id: string, cipher: Cipher): Promise<Uint8Array<ArrayBuffer>> {
  const additionalData = fromHex(id.replace(/-/g, ""));
  const frames = Math.max(1, Math.ceil(from.byteLength / size));
  const done: Uint8Array<ArrayBuffer>[] = [];
  for (let place = 0; place < frames; place++) {
    const how = { name: "AES-GCM", iv: nonce(place, place === frames - 1), additionalData };
    done.push(new Uint8Array(await cipher(from.slice(place * size, (place + 1) * size), how)));
  }
  const all = new Uint8Array(done.reduce((sum, { length }) => sum + length, 0));
  done.reduce((at, frame) => {
    all.set(frame, at);
    return at + frame.length;
  }, 0);
  return all;
}

function nonce(place: number, last: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(7, place);
  bytes[11] = last ? 1 : 0;
  return bytes;
}
