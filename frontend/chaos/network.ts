/** What lies between a phone and the server: the app's own requests over real HTTP, and everything that happens to them. */
import { request as asking } from "node:http";
import { netAt } from "../src/net/asking";
import { type Answered, type Net, NoAnswer, type Request } from "../src/sync/ports";
import type { PhoneClock } from "./clock";
import type { Dice } from "./dice";
import { type Life, never } from "./life";
import type { OnTheWay, Weather } from "./weather";

/** An operation on which something between phone and server always chokes, by its envelope as it is sent. */
export type Poison = Map<string, "fault" | "hangs" | "kills_the_server" | "is_left_out" | "too_large">;

export interface Surroundings {
  origin: string;
  weather: Weather;
  poison: Poison;
  dice: Dice;
  clock: PhoneClock;
  life: Life;
  kill: () => void;
}

/** What the server answered with 500 by itself, on whatever road: never in order. */
export const faultsOfOurs: string[] = [];

/** Whatever was told to who looked a receipt up: status and body, each once. */
export const toldOfReceipts = new Set<string>();

/** Everybody's requests go through it, but for those that are cut in the middle, whose answer nobody hears. */
export function listen(): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const answered = await real(...given);
    if (answered.status === 500) faultsOfOurs.push(answered.url);
    if (answered.url.endsWith("/receipts")) toldOfReceipts.add(`${answered.status} ${await answered.clone().text()}`);
    return answered;
  };
}

export function networkOf(around: Surroundings, server = netAt(around.origin)): Net {
  const real = dated(watched(server, around.weather), around.clock);
  const ask = (request: Request) => poisoned(around, real, request, () => disturbed(around, real, request));
  return { ask: (request) => around.life.guard(ask(request)), maybeOnline: () => true };
}

/** A tab that dies takes nothing back of what it has sent: the server may still be at it when everybody else is done. */
function watched(real: Net, weather: Weather): Net {
  const ask = (request: Request) => {
    const answered = real.ask(request);
    weather.later(answered);
    return answered;
  };
  return { ...real, ask };
}

/** Days pass on a phone in moments: the server it speaks with says what time it is there, however wrong the phone's own clock is. */
function dated(real: Net, clock: PhoneClock): Net {
  const ask = async (request: Request) => {
    const answered = await real.ask(request);
    if (request.path !== "/api/v1/sync" || answered.status !== 200) return answered;
    return {
      ...answered,
      json: async () => ({ ...((await answered.json()) as object), server_time_ms: clock.right() }),
    };
  };
  return { ...real, ask };
}

async function disturbed(around: Surroundings, real: Net, request: Request): Promise<Answered> {
  const { weather, dice, origin } = around;
  if (request.method === "PATCH") {
    if (weather.strikes("chunk_cut", 0.08, dice)) {
      await cutShort(origin, request, dice.next());
      return lost();
    }
    if (weather.strikes("killed_uploading", 0.05, dice)) return HAPPENINGS.killed_waiting(around, real, request);
  }
  const fault = around.weather.onTheWay(around.dice);
  return fault === null ? real.ask(request) : HAPPENINGS[fault](around, real, request);
}

/** The link breaks in the middle of a chunk: the server gets so much of it, and then nothing. */
function cutShort(origin: string, { method, path, headers, body }: Request, share: number): Promise<void> {
  const bytes = new Uint8Array(body as ArrayBuffer);
  return new Promise((resolve) => {
    const going = asking(origin + path, { method, headers: { ...headers, "Content-Length": bytes.length } });
    going.on("error", () => undefined);
    going.on("close", () => resolve());
    going.write(bytes.subarray(0, Math.floor(bytes.length * share)), () => going.destroy());
  });
}

type Happening = (around: Surroundings, real: Net, request: Request) => Promise<Answered>;

const HAPPENINGS: Record<OnTheWay, Happening> = {
  request_lost: async () => lost(),
  request_timed_out: async (around, _, request) => timedOut(around, request),
  response_lost: async (_, real, request) => {
    await real.ask(request);
    return lost();
  },
  response_timed_out: async (around, real, request) => {
    await real.ask(request);
    return timedOut(around, request);
  },
  duplicated: async (around, real, request) => {
    const twins = await Promise.all([real.ask(request), real.ask(request)]);
    return around.dice.pick(twins);
  },
  // The first one is given up; it arrives long after those that follow it.
  delayed: async (around, real, request) => {
    const wait = around.dice.whole(5, 400);
    around.weather.later(new Promise((resolve) => setTimeout(resolve, wait)).then(() => real.ask(request)));
    return timedOut(around, request);
  },
  truncated: async (_, real, request) => ({ ...(await real.ask(request)), json: async () => undefined }),
  fault_after_commit: async (_, real, request) => {
    await real.ask(request);
    return said(500);
  },
  gateway: async (around, real, request) => {
    if (around.dice.happens(0.5)) await real.ask(request);
    return said(around.dice.pick([502, 503, 504]));
  },
  too_large: async () => said(413),
  later: async (around) => ours(around, 429, { "Retry-After": String(around.dice.whole(1, 120)) }),
  later_by_date: async (around) =>
    ours(around, 429, { "Retry-After": new Date(around.clock.now() + 30_000).toUTCString() }),
  unauthorized: async (around, real, request) => {
    if (around.dice.happens(0.5)) await real.ask(request);
    return ours(around, 401);
  },
  portal_page: async () => said(200, { "Content-Type": "text/html" }),
  portal_json: async (around) => said(200, {}, around.dice.pick(PORTALS)),
  not_found: async (around) => said(around.dice.pick([403, 404])),
  results_missing: async (around, real, request) => {
    const answered = await real.ask(request);
    const body = (await answered.json()) as { results?: unknown[] } | undefined;
    if (!body?.results) return answered;
    const results = body.results.filter(() => around.dice.happens(0.5));
    return { ...answered, json: async () => ({ ...body, results }) };
  },
  slow: async (around, real, request) => {
    const answered = await real.ask(request);
    const wait = around.dice.whole(1_000, 60_000);
    if (wait > request.timeoutMs) return timedOut(around, request);
    around.clock.pass(wait);
    return answered;
  },
  killed_waiting: async (around, real, request) => {
    around.kill();
    await real.ask(request);
    return never();
  },
};

/** What pages in front of a network say with 200, to be taken for nobody's answer. */
const PORTALS = [
  { success: true },
  { proto: 1 },
  { proto: 2, server_time_ms: 1, cursor: null, results: [], changes: [] },
  [],
  "ok",
  null,
];

function lost(): Answered {
  throw new NoAnswer("offline");
}

function timedOut({ clock }: Surroundings, { timeoutMs }: Request): Answered {
  clock.pass(timeoutMs);
  throw new NoAnswer("timeout");
}

function said(status: number, headers: Record<string, string> = {}, body?: unknown): Answered {
  const all = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, header: (name) => all.get(name.toLowerCase()) ?? null, json: async () => body };
}

/** As our server says it, or what stands before it. */
function ours({ dice }: Surroundings, status: number, headers: Record<string, string> = {}): Answered {
  return dice.happens(0.5)
    ? said(status, headers)
    : said(status, { ...headers, "Tus-Resumable": "1.0.0" }, { code: "throttled" });
}

/** The poisoned operation spoils its whole batch, as a server would that falls over it. */
async function poisoned(around: Surroundings, real: Net, request: Request, else_: () => Promise<Answered>) {
  const body = typeof request.body === "string" ? request.body : "";
  const found = [...around.poison].find(([envelope]) => body.includes(envelope));
  if (!found) return else_();
  const [envelope, kind] = found;
  if (kind === "fault") return said(500);
  if (kind === "hangs") return timedOut(around, request);
  if (kind === "kills_the_server") return said(502);
  if (kind === "too_large") return said(413);
  return without(envelope, real, request, body);
}

/** The server could not deal with this one now, and leaves it out of its answer. */
async function without(envelope: string, real: Net, request: Request, body: string): Promise<Answered> {
  const { envelopes, ...rest } = JSON.parse(body) as { envelopes: string[] };
  const others = envelopes.filter((one) => one !== envelope);
  return real.ask({ ...request, body: JSON.stringify({ ...rest, envelopes: others }) });
}
