/** The bytes that carry an operation. Made once, when it is saved; every road carries these same bytes. */
import { sha256 } from "./bytes";
import type { Tokens } from "./secrets";
import type { Operation } from "./wire";

/** Version 0: open. Sealed envelopes have another first byte. */
const OPEN = 0;

export interface Envelope {
  bytes: Uint8Array<ArrayBuffer>;
  digest: string;
}

export async function envelopeOf(operation: Operation, tokens: Tokens): Promise<Envelope> {
  const auth = { write: tokens.write, read_hash: tokens.readHash };
  const content = new TextEncoder().encode(JSON.stringify({ auth, operation }));
  const bytes = new Uint8Array(content.length + 1);
  bytes[0] = OPEN;
  bytes.set(content, 1);
  return { bytes, digest: await sha256(bytes) };
}
