/**
 * What goes from hand to hand: sealed envelopes and sealed media in one `.aryk` file that checks itself. Whoever carries it
 * reads nothing. The form is written down in docs/sync.md.
 */
import { fromHex, hex, sha256 } from "./bytes";

export interface CarriedMedium {
  id: string;
  sha256: string;
  mime: string;
  bytes: ArrayBuffer;
}

export interface Load {
  envelopes: Uint8Array<ArrayBuffer>[];
  media: CarriedMedium[];
}

export const MOST_BYTES = 20_000_000;
export const MOST_ENVELOPES = 500;
const MOST_MEDIA = 500;
const MOST_ENVELOPE = 66_000;
const MOST_MEDIUM = 5_000_000;

/** `reason` names the sentence that the person is shown. */
export class BadFile extends Error {
  constructor(readonly reason: "foreign" | "newer" | "damaged" | "too_much") {
    super(reason);
  }
}

/** "ARYK", then the version. */
const MAGIC = [0x41, 0x52, 0x59, 0x4b];
const VERSION = 1;
const HEAD = 9;
const TRAILER = 32;
const ENVELOPE = 1;
const MEDIUM = 2;

/** The most that a record has beside what it carries; a file has less than that around its records. */
const BESIDE = 120;

/** As much for each file as a carrier takes in at once; the order stays. */
export function parted({ envelopes, media }: Load): Load[] {
  const loads: Load[] = [];
  let load: Load | undefined;
  let room = 0;
  const into = (bytes: number): Load => {
    // Each takes at least its share of the number that a file may hold, so that one sum bounds both.
    const size = Math.max(bytes + BESIDE, MOST_BYTES / MOST_ENVELOPES);
    room -= size;
    if (!load || room < BESIDE) {
      load = { envelopes: [], media: [] };
      loads.push(load);
      room = MOST_BYTES - size;
    }
    return load;
  };
  for (const one of envelopes) into(one.length).envelopes.push(one);
  for (const one of media) into(one.bytes.byteLength).media.push(one);
  return loads;
}

/** One file, whatever it comes to: `parted` says how much is taken in again. */
export async function pack({ envelopes, media }: Load): Promise<Uint8Array<ArrayBuffer>> {
  const records = [
    ...envelopes.map((bytes) => record(ENVELOPE, bytes)),
    ...media.map((medium) => record(MEDIUM, mediumBytes(medium))),
  ];
  const size = HEAD + TRAILER + records.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(size);
  file.set([...MAGIC, VERSION]);
  new DataView(file.buffer).setUint32(5, records.length);
  let at = HEAD;
  for (const one of records) {
    file.set(one, at);
    at += one.length;
  }
  file.set(await digest(file.slice(0, at)), at);
  return file;
}

/** Throws BadFile: what is not whole is refused whole, so that nobody believes it was taken. */
export async function unpack(file: Uint8Array<ArrayBuffer>): Promise<Load> {
  if (MAGIC.some((byte, at) => file[at] !== byte)) throw new BadFile("foreign");
  if (file[4] !== VERSION) throw new BadFile("newer");
  if (file.length > MOST_BYTES) throw new BadFile("too_much");
  const end = file.length - TRAILER;
  if (end < HEAD || hex(await digest(file.slice(0, end))) !== hex(file.subarray(end))) throw new BadFile("damaged");
  const count = new DataView(file.buffer, file.byteOffset).getUint32(5);
  if (count > MOST_ENVELOPES + MOST_MEDIA) throw new BadFile("too_much");
  const load = await records(file.subarray(HEAD, end), count);
  if (load.envelopes.length > MOST_ENVELOPES || load.media.length > MOST_MEDIA) throw new BadFile("too_much");
  return load;
}

async function records(bytes: Uint8Array<ArrayBuffer>, count: number): Promise<Load> {
  const load: Load = { envelopes: [], media: [] };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (let left = count; left > 0; left--) {
    if (at + 5 > bytes.length) throw new BadFile("damaged");
    const length = view.getUint32(at + 1);
    if (at + 5 + length > bytes.length) throw new BadFile("damaged");
    const content = bytes.slice(at + 5, at + 5 + length);
    if (bytes[at] === ENVELOPE && length > 0 && length <= MOST_ENVELOPE) load.envelopes.push(content);
    else if (bytes[at] === MEDIUM) load.media.push(await mediumOf(content));
    else throw new BadFile("damaged");
    at += 5 + length;
  }
  if (at !== bytes.length) throw new BadFile("damaged");
  return load;
}

/** Kind, length, content. */
function record(kind: number, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + content.length);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, content.length);
  bytes.set(content, 5);
  return bytes;
}

/** Id (16), SHA-256 (32), length of the type (1), type, bytes. */
function mediumBytes({ id, sha256: sum, mime, bytes }: CarriedMedium): Uint8Array {
  const type = new TextEncoder().encode(mime);
  const content = new Uint8Array(49 + type.length + bytes.byteLength);
  content.set(fromHex(id.replace(/-/g, "") + sum));
  content[48] = type.length;
  content.set(type, 49);
  content.set(new Uint8Array(bytes), 49 + type.length);
  return content;
}

async function mediumOf(content: Uint8Array<ArrayBuffer>): Promise<CarriedMedium> {
  const start = 49 + (content[48] ?? 0);
  const mime = new TextDecoder().decode(content.subarray(49, start));
  const bytes = content.slice(start).buffer;
  const sum = hex(content.subarray(16, 48));
  if (bytes.byteLength > MOST_MEDIUM || !/^[\x20-\x7e]{1,60}$/.test(mime)) throw new BadFile("damaged");
  if (bytes.byteLength === 0 || (await sha256(bytes)) !== sum) throw new BadFile("damaged");
  const id = hex(content.subarray(0, 16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return { id, sha256: sum, mime, bytes };
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
