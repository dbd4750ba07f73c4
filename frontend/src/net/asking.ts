/** The one place that calls fetch: bounded in time, without cookies, without redirects. */
import { type Answered, type Net, NoAnswer, type Request } from "../sync/ports";

/** Below this, compressing costs more than it saves. */
const WORTH_ZIPPING = 400;

export function netAt(origin: string): Net {
  return {
    ask: (request) => ask(origin, request),
    maybeOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
  };
}

async function ask(origin: string, { method, path, headers, body, timeoutMs }: Request): Promise<Answered> {
  const aborting = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    aborting.abort();
  }, timeoutMs);
  try {
    const packed = typeof body === "string" ? await zipped(body) : { body, headers: {} };
    const response = await fetch(origin + path, {
      method,
      headers: { ...headers, ...packed.headers },
      body: packed.body ?? null,
      signal: aborting.signal,
      cache: "no-store",
      credentials: "omit",
      // A captive portal's redirect is nobody of ours.
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const text = await response.text();
    return { status: response.status, header: (name) => response.headers.get(name), json: async () => parsed(text) };
  } catch {
    throw new NoAnswer(late ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
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
