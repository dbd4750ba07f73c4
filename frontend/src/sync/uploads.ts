/** Photos and recordings, after the text: tus 1.0.0, in chunks that a cut link does not undo. */
import type { OwnMedium } from "../model";
import { sha256 } from "../model/bytes";
import { retryAfter } from "./backoff";
import { retryAt } from "./exchange";
import { type Answered, NoAnswer, type Parts, type Request } from "./ports";

const PATH = "/api/v1/media";
const LEAST_CHUNK = 32_768;
const MOST_CHUNK = 262_144;
/** How long a chunk should take: long enough that a round trip of two seconds is little of it. */
const AIM_MS = 15_000;
/** An answer that is overdue by this much is given up on. */
const PATIENCE_MS = 30_000;
const MOST_PATIENCE_MS = 120_000;
/** Slower than this in bytes a millisecond, and the link counts as dead: 4 kbit/s. */
const SLOWEST = 0.5;
const MOST_RESTARTS = 2;
const MOST_STANDSTILLS = 3;

/** "words": there is something to say that goes before the rest. */
export type Uploaded =
  | { outcome: "done" | "offline" | "paused" }
  | { outcome: "words" }
  | { outcome: "later"; waitMs: number | null };

/** What an office can act on first goes first. */
const ORDER = ["preview", "voice", "photo"];

/** Whether there is something to say, asked after each chunk. */
type Words = () => Promise<boolean>;

/** Sends every medium that is due, or until there are words; one that fails for itself does not hold up the next. */
export async function upload(parts: Parts, chunk: Chunk, words: Words = async () => false): Promise<Uploaded> {
  const due = await parts.storage.dueMedia(parts.clock.now());
  const { suspects } = chunk;
  if (due.every(({ id }) => suspects.has(id))) suspects.clear();
  const turn = ({ id, role }: OwnMedium) => ORDER.indexOf(role) + (suspects.has(id) ? ORDER.length : 0);
  due.sort((one, other) => turn(one) - turn(other));
  let full = false;
  for (const medium of due) {
    const outcome = await send(parts, medium, chunk, words);
    if (outcome === "unkept") full = true;
    else if (outcome.outcome !== "done") return outcome;
    if (await words()) return { outcome: "words" };
  }
  return full ? { outcome: "later", waitMs: null } : { outcome: "done" };
}

/** The size of the next chunk by how fast the last one went; kept between rounds. */
export class Chunk {
  size = 65_536;
  /** Media over which the link went down, or what stands before the server: they may be why, so they go behind the others. */
  readonly suspects = new Set<string>();
  private most = MOST_CHUNK;

  /** What was sent in how many milliseconds. A short last piece says little about the link. */
  took(bytes: number, milliseconds: number): void {
    if (bytes < LEAST_CHUNK) return;
    const wanted = Math.min(this.size * 2, (bytes * AIM_MS) / Math.max(1, milliseconds));
    this.size = Math.round(Math.min(this.most, Math.max(LEAST_CHUNK, wanted)));
  }

  failed(): void {
    this.size = Math.max(LEAST_CHUNK, Math.floor(this.size / 2));
  }

  /** Something on the way takes less at a time than the server does. */
  tooLarge(): void {
    this.failed();
    this.most = this.size;
  }
}

/** "unkept": the disk is too full to keep what became of it. */
async function send(parts: Parts, medium: OwnMedium, chunk: Chunk, words: Words): Promise<Uploaded | "unkept"> {
  try {
    return await sendAll(parts, medium, chunk, words);
  } catch (trouble) {
    if (!(trouble instanceof NoAnswer)) return "unkept";
    chunk.failed();
    chunk.suspects.add(medium.id);
    return { outcome: "offline" };
  }
}

async function sendAll(parts: Parts, medium: OwnMedium, chunk: Chunk, words: Words): Promise<Uploaded> {
  if (medium.bytes === null) return unusable(parts, medium);
  let restarts = 0;
  let standstills = 0;
  let reached = -1;
  let standing = await where(parts, medium);
  while (standing.status < 300) {
    if (standing.header("Aryk-Medium-State") === "received") return received(parts, medium);
    const offset = Number(standing.header("Upload-Offset") ?? Number.NaN);
    // A page of somebody else's says 200 too; ours says where it stands.
    if (!(offset >= 0)) return { outcome: "offline" };
    // Every byte is there and yet it is not received: the server is still busy, or was restored. Or it has somebody else's under this id.
    const another = Number(standing.header("Upload-Length") ?? medium.size) !== medium.size;
    if (another || offset >= medium.size) return postpone(parts, medium);
    standstills = offset > reached ? 0 : standstills + 1;
    if (standstills > MOST_STANDSTILLS) return postpone(parts, medium);
    // Only where it gets on: else it would never be found out that it does not.
    if (reached >= 0 && standstills + restarts === 0 && (await words())) return { outcome: "words" };
    reached = offset;
    standing = await append(parts, medium, offset, chunk);
    if (standing.status === 409) standing = await ask(parts, { method: "HEAD", path: `${PATH}/${medium.id}` });
    if (standing.status === 460 && restarts++ < MOST_RESTARTS) standing = await where(parts, medium);
  }
  return stopped(parts, medium, standing, chunk);
}

/** Where the upload stands; announces it where the server does not know it. */
async function where(parts: Parts, medium: OwnMedium): Promise<Answered> {
  if (medium.announced) {
    const known = await ask(parts, { method: "HEAD", path: `${PATH}/${medium.id}` });
    if (known.status !== 404) return known;
  }
  const metadata = { id: medium.id, sha256: medium.sha256, mime: medium.mime };
  const headers = {
    "Upload-Length": String(medium.size),
    "Upload-Metadata": Object.entries(metadata)
      .map(([name, value]) => `${name} ${btoa(value)}`)
      .join(","),
  };
  const created = await ask(parts, { method: "POST", path: PATH, headers });
  // Where it cannot be noted it is announced again, which is the same upload.
  if (created.status < 300 && created.header("Upload-Offset") !== null)
    await parts.storage.announced(medium.id).catch(() => undefined);
  return created;
}

/**
 * The next chunk's answer. When it does not come in time the chunk was too large for the link: the server is asked how much
 * of it arrived, which is kept, and only a server that says nothing at all ends the round.
 */
async function append(parts: Parts, medium: OwnMedium, offset: number, chunk: Chunk): Promise<Answered> {
  const path = `${PATH}/${medium.id}`;
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  const body = medium.bytes?.slice(offset, Math.min(medium.size, offset + chunk.size)) ?? new ArrayBuffer(0);
  const timeoutMs = Math.min(MOST_PATIENCE_MS, PATIENCE_MS + body.byteLength / SLOWEST);
  const began = parts.clock.now();
  try {
    const answered = await ask(parts, { method: "PATCH", path, headers, body, timeoutMs });
    if (answered.status !== 413 || chunk.size === LEAST_CHUNK) {
      chunk.took(body.byteLength, parts.clock.now() - began);
      return answered;
    }
    chunk.tooLarge();
  } catch (trouble) {
    if (!(trouble instanceof NoAnswer) || trouble.kind !== "timeout") throw trouble;
    chunk.failed();
  }
  return ask(parts, { method: "HEAD", path });
}

function ask(parts: Parts, request: Pick<Request, "method" | "path"> & Partial<Request>): Promise<Answered> {
  const headers: Record<string, string> = { "Tus-Resumable": "1.0.0", ...request.headers };
  if (parts.bearer !== null) headers.Authorization = `Bearer ${parts.bearer}`;
  return parts.net.ask({ timeoutMs: PATIENCE_MS, ...request, headers });
}

async function received(parts: Parts, { id }: OwnMedium): Promise<Uploaded> {
  await parts.storage.received(id);
  return { outcome: "done" };
}

async function isWhole({ bytes, sha256: recorded }: OwnMedium): Promise<boolean> {
  return bytes !== null && (await sha256(bytes)) === recorded;
}

/** It never goes: the server will not have it, or its bytes are not here. */
async function unusable(parts: Parts, { id }: OwnMedium): Promise<Uploaded> {
  await parts.storage.refused(id);
  return { outcome: "done" };
}

async function postpone(parts: Parts, { id }: OwnMedium): Promise<Uploaded> {
  await parts.storage.postponed(id, retryAt(parts));
  return { outcome: "done" };
}

/** 401 pauses, 429 and a server that is down mean later; another refusal concerns this medium alone. */
async function stopped(parts: Parts, medium: OwnMedium, { status, header }: Answered, chunk: Chunk): Promise<Uploaded> {
  const ours = header("Tus-Resumable") !== null;
  if (status === 401) return { outcome: ours ? "paused" : "offline" };
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    chunk.suspects.add(medium.id);
    const now = parts.clock.now();
    const waitMs = ours ? retryAfter(header("Retry-After"), now) : null;
    // Whoever wakes the sync before then finds nothing to ask about this one.
    if (waitMs) await parts.storage.postponed(medium.id, () => now + waitMs).catch(() => undefined);
    return { outcome: "later", waitMs };
  }
  // Too large, or not what it said it was: sending it again changes nothing. The bytes stay on the phone. What stands before
  // the server refuses one chunk, and somebody else's bytes in between do not make these wrong.
  const final = status === 413 || status === 415 || (status === 460 && !(await isWhole(medium)));
  return final && ours ? unusable(parts, medium) : postpone(parts, medium);
}
