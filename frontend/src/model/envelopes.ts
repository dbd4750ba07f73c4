/** The bytes that carry an operation. Made once, when it is saved; every road carries these same bytes. */
import { sha256 } from "./bytes";
import { seal } from "./sealing";
import type { Tokens } from "./secrets";
import type { Operation, SyncKey } from "./wire";

export interface Envelope {
  bytes: Uint8Array<ArrayBuffer>;
  digest: string;
}

/** What is sealed: the operation and the proof of who wrote it. */
export function openedOf(operation: Operation, tokens: Tokens): string {
  return JSON.stringify({ auth: { write: tokens.write, read_hash: tokens.readHash }, operation });
}

export async function envelopeOf(opened: string, key: SyncKey): Promise<Envelope> {
  const bytes = await seal(new TextEncoder().encode(opened), key);
  return { bytes, digest: await sha256(bytes) };
}
