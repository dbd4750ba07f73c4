/** The one place that calls fetch for the sync, and for what is big: bounded in time and size, without cookies, without redirects. */
import { joined } from "../model/bytes";
import { type Answered, type Net, NoAnswer, type Request } from "../sync/ports";
import { Patience } from "./patience";

/** Below this, compressing costs more than it saves. */
const WORTH_ZIPPING = 400;

/** Many times a snapshot of a thousand cases. What goes on longer is nobody of ours. */
const MOST_BYTES = 32_000_000;

export function netAt(origin: string): Net {
  return {
    ask: (request) => ask(origin, request),
    maybeOnline: () => globalThis.navigator?.onLine !== false,
  };
}

async function ask(origin: string, { method, path, headers, body, timeoutMs }: Request): Promise<Answered> {
  const packed = typeof body === "string" ? await zipped(body) : { body, headers: {} };
  const init = { method, headers: { ...headers, ...packed.headers }, body: packed.body ?? null };
  const { response, bytes } = await fetchPatiently(origin + path, init, timeoutMs);
  const text = new TextDecoder().decode(bytes);
  return { status: response.status, header: (name) => response.headers.get(name), json: async () => parsed(text) };
}

/** `timeoutMs` counts until the answer begins; then the body may take as long as it keeps coming. Throws NoAnswer. */
export async function fetchPatiently(
  address: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<{ response: Response; bytes: Uint8Array<ArrayBuffer> }> {
  const aborting = new AbortController();
  const patience = new Patience(timeoutMs);
  patience.atEnd(() => aborting.abort());
  try {
    const response = await fetch(address, {
      ...init,
      signal: aborting.signal,
      cache: "no-store",
      credentials: "omit",
      // A captive portal's redirect is nobody of ours.
      redirect: "error",
    });
    patience.renew();
    return { response, bytes: await read(response, patience) };
  } catch {
    aborting.abort();
    throw new NoAnswer(patience.over ? "timeout" : "offline");
  } finally {
    patience.stop();
  }
}

async function read(response: Response, patience: Patience): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return joined();
  // Not every engine ends a body for an abort that comes after its head.
  patience.atEnd(() => reader.cancel().catch(() => undefined));
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (patience.over) throw new NoAnswer("timeout");
    if (done) return joined(...parts);
    patience.came(value.byteLength);
    parts.push(value);
    length += value.byteLength;
    if (length > MOST_BYTES) throw new NoAnswer("offline");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** gzip where the browser can; CompressionStream is missing on part of those we serve. */
async function zipped(body: string): Promise<{ body: string | ArrayBuffer; headers: Record<string, string> }> {
  if (body.length < WORTH_ZIPPING || typeof CompressionStream === "undefined") return { body, headers: {} };
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "Content-Encoding": "gzip" } };
}
