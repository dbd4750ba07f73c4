/**
 * What a person could read of a profile lies sealed on the phone: AES-256-GCM under the profile's data keys, as
 * `number of the key (1) ‖ nonce (12) ‖ ciphertext`. The last key seals; those before it open what is older than the lock (ADR 12).
 */
import { joined } from "./bytes";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Sealed = Bytes;

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const HEAD = 1 + NONCE_BYTES;

export function newKey(): Bytes {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

export class Vault {
  constructor(private keys: CryptoKey[]) {}

  /** Of the raw keys, one after the other; from here on nothing gives them back. */
  static async of(ring: Bytes): Promise<Vault> {
    const vault = new Vault([]);
    await vault.take(ring);
    return vault;
  }

  /** The same keys and newer ones, for whoever has it in hand already. */
  async take(ring: Bytes): Promise<void> {
    const raw = Array.from({ length: ring.length / KEY_BYTES }, (_, n) =>
      ring.slice(n * KEY_BYTES, (n + 1) * KEY_BYTES),
    );
    const into = (key: Bytes) => crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    this.keys = await Promise.all(raw.map(into));
  }

  /** Of anything that JSON can say. */
  seal(value: unknown): Promise<Sealed> {
    return this.sealBytes(new TextEncoder().encode(JSON.stringify(value)));
  }

  /** Rejects when it is not whole, or not this profile's. */
  async open<Value>(sealed: Sealed): Promise<Value> {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(sealed))) as Value;
  }

  async sealBytes(plain: Bytes): Promise<Sealed> {
    const number = this.keys.length - 1;
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key(number), plain);
    return joined(Uint8Array.of(number), iv, new Uint8Array(sealed));
  }

  async openBytes(sealed: Sealed): Promise<Bytes> {
    const iv = sealed.slice(1, HEAD);
    const plain = crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key(sealed[0] ?? 0), sealed.slice(HEAD));
    return new Uint8Array(await plain);
  }

  private key(number: number): CryptoKey {
    const key = this.keys[number];
    if (!key) throw new Error("A newer key.");
    return key;
  }
}

/** Whether it is the very same sealing: nonces do not come twice. */
export function same(one: Sealed | undefined, other: Sealed | undefined): boolean {
  return one?.subarray(0, HEAD).join() === other?.subarray(0, HEAD).join();
}
