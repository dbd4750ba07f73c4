import { beforeEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../src/model/bytes";

vi.mock("virtual:catalogue-addresses", () => ({ default: { ru: "/static/app/ru-1.json" } }));
vi.mock("../../src/sw/sending", () => ({ sendAll: async () => undefined }));

const OWN = "<p>The page that was built with this worker.</p>";
const APP = "/static/app/index-1.js";
const version = (await sha256(new TextEncoder().encode(OWN))).slice(0, 16);
const SHELL = `aryk-shell-${version}`;
const OPTIONS = { ignoreVary: true };

/** The browser's caches, by name and address. */
let kept: Map<string, Map<string, Response>>;
/** What the server, or the browser's own cache, has. */
let served: Record<string, string>;
let asked: string[];
let worker: Record<string, (event: object) => void>;

function cacheOf(name: string) {
  const rows = kept.get(name) ?? new Map<string, Response>();
  kept.set(name, rows);
  return {
    match: async (address: string, options: object) => {
      expect(options).toEqual(OPTIONS);
      return rows.get(address)?.clone();
    },
    put: async (address: string, response: Response) => void rows.set(address, response),
    keys: async () => [...rows.keys()].map((address) => ({ url: `https://aryk.kg${address}` })),
    delete: async () => true,
    addAll: async (addresses: string[]) => {
      const all = await Promise.all(addresses.map(async (one) => [one, await load(one)] as const));
      for (const [address, response] of all) rows.set(address, response);
    },
  };
}

async function load(address: string): Promise<Response> {
  asked.push(address);
  const text = served[address];
  if (text === undefined) throw new TypeError("Failed to fetch");
  return new Response(text);
}

/** Lets the worker deal with it, and with what it asks for time for. */
async function happens(name: string, event: object = {}): Promise<void> {
  const waited: unknown[] = [];
  worker[name]?.({ ...event, waitUntil: (promise: unknown) => waited.push(promise) });
  expect(waited).toHaveLength(1);
  await waited[0];
}

/** What the worker says to a page that asks it so. */
async function told(message: object): Promise<unknown> {
  const postMessage = vi.fn();
  await happens("message", { data: message, ports: [{ postMessage }] });
  return postMessage.mock.lastCall?.[0];
}

async function shell(): Promise<(string | undefined)[]> {
  const rows = kept.get(SHELL);
  return Promise.all(["/", APP].map((address) => rows?.get(address)?.clone().text()));
}

beforeEach(async () => {
  [kept, asked, worker] = [new Map(), [], {}];
  served = { "/": OWN, [APP]: "app()", "/static/app/ru-1.json": "[]" };
  vi.stubGlobal("BUILT", { version, app: APP, room: [] });
  vi.stubGlobal("caches", { open: async (name: string) => cacheOf(name) });
  vi.stubGlobal("fetch", load);
  vi.stubGlobal("self", {
    location: { origin: "https://aryk.kg" },
    addEventListener: (name: string, heard: (event: object) => void) => {
      worker[name] = heard;
    },
  });
  vi.resetModules();
  const policy = "../../src/sw/index";
  await import(policy);
  await happens("install");
});

describe("page and script", () => {
  it.each([
    ["all of it", () => kept.delete(SHELL)],
    ["the page", () => kept.get(SHELL)?.delete("/")],
    ["the script", () => kept.get(SHELL)?.delete(APP)],
    ["a part of the page", () => kept.get(SHELL)?.set("/", new Response(OWN.slice(9)))],
    ["the way to read the page", () => kept.get(SHELL)?.set("/", unreadable())],
  ])("are held anew where the browser has lost %s, before the page hears that it is ready", async (_, lose) => {
    lose();
    expect(await told({ hold: "words", language: "ky" })).toBe(true);
    expect(await shell()).toEqual([OWN, "app()"]);
  });

  it("are not asked for again where they are whole, with or without a network", async () => {
    asked = [];
    served = {};
    expect(await told({ hold: "words", language: "ky" })).toBe(true);
    expect(asked).toEqual([]);
  });

  it("are not said to be ready where they were lost and the server has another page by now, which is not held", async () => {
    kept.delete(SHELL);
    served["/"] = "<p>Another one.</p>";
    expect(await told({ hold: "words", language: "ru" })).toBe(false);
    expect((await shell())[0]).toBeUndefined();
    expect([...(kept.get("aryk-words")?.keys() ?? [])]).toEqual(["/static/app/ru-1.json"]);
  });
});

describe("a newer version", () => {
  const skipWaiting = vi.fn(async () => undefined);

  function open(...paths: string[]): void {
    const windows = paths.map((path) => ({ url: `https://aryk.kg${path}` }));
    Object.assign(self, { clients: { matchAll: async () => windows }, skipWaiting });
  }

  beforeEach(() => skipWaiting.mockClear());

  it("is taken in the app's only tab, also beside pages of this server that are no app", async () => {
    open("/?look=calendar", "/carry", "/admin/");
    expect(await told({ hold: "page" })).toBe(true);
    expect(skipWaiting).toHaveBeenCalledOnce();
  });

  it("waits while the app is open in another tab too", async () => {
    open("/", "/#/phone");
    expect(await told({ hold: "page" })).toBe(false);
    expect(skipWaiting).not.toHaveBeenCalled();
  });
});

function unreadable(): Response {
  return { clone: () => ({ clone: unreadable, arrayBuffer: () => Promise.reject(new TypeError()) }) } as never;
}
