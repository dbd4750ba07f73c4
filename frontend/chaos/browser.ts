/**
 * A phone's browser, for what of the app is not handed its parts but asks the browser for them: while it runs, the browser's own names
 * (`fetch`, `indexedDB`, `navigator.locks`, the time) mean this phone's. To everybody else they mean what they always do.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { gunzipSync } from "node:zlib";
import { openDB } from "../src/store/browser";
import { openWith } from "../src/store/opening";
import type { Chance, Clock, Locks, Net, Request } from "../src/sync/ports";

export interface Browser {
  disk: IDBFactory;
  /** A database as who runs in it sees it. */
  seen<One extends { name: string }>(db: One): One;
  clock: Clock;
  net: Net;
  locks: Locks;
  chance: Chance;
}

const running = new AsyncLocalStorage<Browser>();

/** Runs the app's code, and whatever it waits for, in this browser. */
export function within<Value>(browser: Browser, run: () => Promise<Value>): Promise<Value> {
  return running.run(browser, run);
}

/** Pages read anew what they show when they hear of it; the simulator's show nothing. */
class Unheard {
  postMessage(): void {}
}

/** Once, before any phone opens one. */
export function beBrowsers(origin: string): void {
  const real = { fetch, setTimeout, clearTimeout, now: Date.now };
  let disk = indexedDB;
  const here = () => running.getStore();
  openWith(async (...how) => {
    const db = await openDB(...how);
    return here()?.seen(db) ?? db;
  });
  Date.now = () => here()?.clock.now() ?? real.now();
  put("location", { value: { origin } });
  put("BroadcastChannel", { value: Unheard });
  put("indexedDB", {
    get: () => here()?.disk ?? disk,
    set: (other: IDBFactory) => {
      disk = other;
    },
  });
  put("navigator", { get: () => navigatorOf(here()) });
  put("fetch", {
    value: (address: string, init: Init) => {
      const browser = here();
      return browser ? fetched(browser.net, address.replace(origin, ""), init) : real.fetch(address, init);
    },
  });
  // It gives what takes it back in place of a number.
  put("setTimeout", {
    value: (...how: Timing) => here()?.clock.after(how[1], how[0]) ?? real.setTimeout(...how),
  });
  put("clearTimeout", {
    value: (timer: unknown) => (typeof timer === "function" ? timer() : real.clearTimeout(timer as number)),
  });
}

type Timing = [then: () => void, wait: number, ...given: unknown[]];

function put(name: string, what: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, ...what });
}

function navigatorOf(browser: Browser | undefined) {
  return browser && { locks: { request: lent(browser.locks) } };
}

/** As browsers lend a lock that is asked for with `ifAvailable`: whoever does not get it is called without one. */
function lent(locks: Locks) {
  return async <Value>(name: string, _: object, run: (lock: object | null) => Promise<Value>) => {
    let mine = false;
    const done = await locks.alone(name, () => {
      mine = true;
      return run({ name });
    });
    return mine ? done : run(null);
  };
}

interface Init {
  method: Request["method"];
  headers: Record<string, string>;
  body: string | ArrayBuffer | null;
  signal: AbortSignal;
}

/** Longer than whoever asks waits: that ends it by its own clock. */
const PATIENCE_MS = 200_000;

/** On the phone's own road, which wants the body as it was before it was packed. */
async function fetched(net: Net, path: string, { method, headers, body, signal }: Init): Promise<Response> {
  const { "Content-Encoding": packed, ...others } = headers;
  const plain = packed ? gunzipSync(body as ArrayBuffer).toString() : body;
  const request = { method, path, headers: others, timeoutMs: PATIENCE_MS, ...(plain !== null && { body: plain }) };
  const ended = new Promise<never>((_, fail) => signal.addEventListener("abort", fail));
  const answered = await Promise.race([running.exit(() => net.ask(request)), ended]);
  const json = await answered.json();
  const text = new Response(json === undefined ? "" : JSON.stringify(json));
  return { status: answered.status, headers: { get: answered.header }, body: text.body } as unknown as Response;
}
