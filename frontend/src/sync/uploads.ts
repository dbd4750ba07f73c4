/** Photos and recordings, after the text: tus 1.0.0, core and creation, in chunks that a cut link does not undo. */
import type { OwnMedium } from "../model";
import { retryAfter } from "./backoff";
import { retryAt } from "./exchange";
import { type Answered, NoAnswer, type Parts, type Request } from "./ports";

const PATH = "/api/v1/media";
const LEAST_CHUNK = 32_768;
const MOST_CHUNK = 262_144;
const TIMEOUT_MS = 90_000;
/** A chunk that takes longer than this is too large for the link. */
const SLOW_MS = 15_000;
const MOST_RESTARTS = 2;
const MOST_STANDSTILLS = 3;

export type Uploaded = { outcome: "done" | "offline" | "paused" } | { outcome: "later"; waitMs: number | null };

/** Sends every medium that is due; one that fails for itself does not hold up the next. */
export async function upload(parts: Parts, chunk: Chunk): Promise<Uploaded> {
  for (const medium of await parts.storage.dueMedia(parts.clock.now())) {
    const outcome = await send(parts, medium, chunk);
    if (outcome.outcome !== "done") return outcome;
  }
  return { outcome: "done" };
}

/** The size of the next chunk; kept between rounds. */
export class Chunk {
  size = 65_536;

  took(milliseconds: number): void {
    if (milliseconds > SLOW_MS) this.size = Math.max(LEAST_CHUNK, this.size / 2);
    else if (milliseconds < SLOW_MS / 5) this.size = Math.min(MOST_CHUNK, this.size * 2);
  }

  failed(): void {
    this.size = Math.max(LEAST_CHUNK, this.size / 2);
  }
}

async function send(parts: Parts, medium: OwnMedium, chunk: Chunk): Promise<Uploaded> {
  try {
    return await sendAll(parts, medium, chunk);
  } catch (trouble) {
    if (!(trouble instanceof NoAnswer)) throw trouble;
    chunk.failed();
    return { outcome: "offline" };
  }
}

async function sendAll(parts: Parts, medium: OwnMedium, chunk: Chunk): Promise<Uploaded> {
  const { bytes } = medium;
  if (bytes === null) return { outcome: "done" };
  let restarts = 0;
  let standstills = 0;
  let reached = -1;
  let standing = await where(parts, medium);
  while (standing.status < 300) {
    if (standing.header("Aryk-Medium-State") === "received") return received(parts, medium);
    const offset = offsetOf(standing, medium.size);
    // A page of somebody else's says 200 too; ours says where it stands.
    if (offset === null) return { outcome: "offline" };
    // Every byte is there and yet it is not received: the server is still busy, or was restored. Ask again later.
    if (offset >= medium.size) return postpone(parts, medium);
    if (offset <= reached && ++standstills > MOST_STANDSTILLS) return postpone(parts, medium);
    reached = offset;
    const began = parts.clock.now();
    const sent = bytes.slice(offset, Math.min(medium.size, offset + chunk.size));
    standing = await append(parts, medium, offset, sent);
    chunk.took(parts.clock.now() - began);
    if (standing.status === 409) standing = await ask(parts, { method: "HEAD", path: `${PATH}/${medium.id}` });
    if (standing.status === 460 && restarts++ < MOST_RESTARTS) standing = await where(parts, medium);
  }
  return stopped(parts, medium, standing);
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
  if (created.status < 300 && created.header("Upload-Offset") !== null) await parts.storage.announced(medium.id);
  return created;
}

function append(parts: Parts, { id }: OwnMedium, offset: number, body: ArrayBuffer): Promise<Answered> {
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  return ask(parts, { method: "PATCH", path: `${PATH}/${id}`, headers, body });
}

function ask(parts: Parts, request: Pick<Request, "method" | "path"> & Partial<Request>): Promise<Answered> {
  const headers: Record<string, string> = { "Tus-Resumable": "1.0.0", ...request.headers };
  if (parts.bearer !== null) headers.Authorization = `Bearer ${parts.bearer}`;
  return parts.net.ask({ timeoutMs: TIMEOUT_MS, ...request, headers });
}

function offsetOf(answered: Answered, size: number): number | null {
  const text = answered.header("Upload-Offset");
  if (text === null || !/^\d{1,10}$/.test(text)) return null;
  return Number(text) <= size ? Number(text) : null;
}

async function received(parts: Parts, { id }: OwnMedium): Promise<Uploaded> {
  await parts.storage.received(id);
  return { outcome: "done" };
}

async function postpone(parts: Parts, { id }: OwnMedium): Promise<Uploaded> {
  await parts.storage.postponed(id, retryAt(parts));
  return { outcome: "done" };
}

/** 401 pauses, 429 and a server that is down mean later; another refusal concerns this medium alone. */
async function stopped(parts: Parts, medium: OwnMedium, { status, header }: Answered): Promise<Uploaded> {
  if (status === 401) return { outcome: "paused" };
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    return { outcome: "later", waitMs: retryAfter(header("Retry-After"), parts.clock.now()) };
  }
  // Too large, or not what it said it was: sending it again changes nothing. The bytes stay on the phone.
  if (status === 413 || status === 415 || status === 460) {
    await parts.storage.refused(medium.id);
    return { outcome: "done" };
  }
  return postpone(parts, medium);
}
