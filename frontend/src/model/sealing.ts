/**
 * Sealing for the server alone: HPKE (RFC 9180) base mode with P-256 and AES-256-GCM. The phone cannot open what it sealed.
 * An envelope is `1 ‖ key id (4) ‖ enc (65) ‖ ciphertext`; what is sealed is one byte, 0 plain or 1 zlib, and the content.
 */
import { fromBase64url, fromHex, hex, joined } from "./bytes";
import { sealBase } from "./hpke";
import type { SyncKey } from "./wire";

const VERSION = 1;
const INFO = new TextEncoder().encode("aryk operation 1");
const PLAIN = 0;
const ZLIB = 1;

export async function seal(content: Uint8Array<ArrayBuffer>, key: SyncKey): Promise<Uint8Array<ArrayBuffer>> {
  const { enc, ct } = await sealRaw(await packed(content), key, INFO);
  return joined(Uint8Array.of(VERSION), fromHex(key.id), enc, ct);
}

/** HPKE's two parts, 65 bytes and 16 more than what is sealed; its `info` is the given one and the key's id. */
export function sealRaw(
  content: Uint8Array<ArrayBuffer>,
  key: SyncKey,
  purpose: Uint8Array,
): Promise<{ enc: Uint8Array; ct: Uint8Array }> {
  return sealBase(fromBase64url(key.public), joined(purpose, fromHex(key.id)), content);
}

/** The id in an envelope's clear head, as hex. */
export function sealedTo(envelope: Uint8Array): string {
  return hex(envelope.subarray(1, 5));
}

/** Compressed before it is sealed; plain where the browser cannot, which costs bytes and nothing else. */
async function packed(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof CompressionStream === "undefined") return joined(Uint8Array.of(PLAIN), content);
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate"));
  return joined(Uint8Array.of(ZLIB), new Uint8Array(await new Response(stream).arrayBuffer()));
}
