/**
 * A file as a loop of QR frames, for two phones that are side by side. A frame is `ARYK1`, the set (8 hex digits, the first of the
 * file's SHA-256 trailer), its number and how many there are (3 digits each), and up to 194 bytes in base45 (RFC 9285).
 */
const MAGIC = "ARYK1";
const BYTES = 194;
const MOST_FRAMES = 340;
const FRAME = /^ARYK1([0-9A-F]{8})(\d{3})(\d{3})([0-9A-Z $%*+\-./:]+)$/;
const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const TRAILER = 32;

/** Throws RangeError for a file that would take too long to show. */
export function framesOf(file: Uint8Array): string[] {
  const count = Math.ceil(file.length / BYTES);
  if (count > MOST_FRAMES) throw new RangeError("too many frames");
  const set = setOf(file);
  return Array.from({ length: count }, (_, at) => {
    const part = file.subarray(at * BYTES, at * BYTES + BYTES);
    return MAGIC + set + digits(at + 1) + digits(count) + base45(part);
  });
}

function setOf(file: Uint8Array): string {
  const start = file.subarray(file.length - TRAILER, file.length - TRAILER + 4);
  return [...start]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

function digits(number: number): string {
  return String(number).padStart(3, "0");
}

/** Frames as they are seen, in any order and as often as they come. A frame of another set begins that one. */
export class Collection {
  private set = "";
  private parts: (Uint8Array | null)[] = [];

  /** False for what is not a frame. */
  add(text: string): boolean {
    const [, set, number, count, content] = FRAME.exec(text) ?? [];
    const part = content === undefined ? null : fromBase45(content);
    const [at, of] = [Number(number) - 1, Number(count)];
    if (!set || !part || at < 0 || at >= of || of > MOST_FRAMES) return false;
    if (set !== this.set || of !== this.parts.length) {
      this.set = set;
      this.parts = Array(of).fill(null);
    }
    this.parts[at] = part;
    return true;
  }

  get count(): number {
    return this.parts.length;
  }

  /** Numbers of the frames that were not seen yet, from 1. */
  get missing(): number[] {
    return this.parts.flatMap((part, at) => (part ? [] : [at + 1]));
  }

  /** The file once every frame was seen; it still has to be checked. */
  get file(): Uint8Array<ArrayBuffer> | null {
    if (this.count === 0 || this.missing.length > 0) return null;
    return Uint8Array.from(this.parts.flatMap((part) => [...(part ?? [])]));
  }
}

/** Two bytes in three symbols, a last single one in two. */
function base45(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    let value = pair ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
    for (let symbol = pair ? 3 : 2; symbol > 0; symbol--) {
      text += BASE45.charAt(value % 45);
      value = Math.floor(value / 45);
    }
  }
  return text;
}

function fromBase45(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const group of text.match(/.{1,3}/g) ?? []) {
    const value = [...group].reduceRight((sum, symbol) => sum * 45 + BASE45.indexOf(symbol), 0);
    if (group.length === 1 || value > (group.length === 3 ? 65_535 : 255)) return null;
    if (group.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}
