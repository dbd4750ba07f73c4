/**
 * The service worker, to be read as policy. The shell (page and script) is there before anything else and complete or not
 * at all. The words of a language other than the first and the mediators' room are held when the page asks for them, and anew by each
 * new worker. What the server says under /api, /_allauth and /admin is never kept here. A new worker waits until
 * the old app is closed, or the person in its only tab asks for it: an old page never meets a new script.
 */
import addresses from "virtual:catalogue-addresses";
import { sha256 } from "../model/bytes";
import { sendAll } from "./sending";

declare const self: ServiceWorkerGlobalScope;

/**
 * What the worker's file says before it imports the script that this is a part of: the beginning of the page's SHA-256, and addresses that
 * hold their content's.
 */
declare const BUILT: {
  version: string;
  /** The script. */
  app: string;
  room: string[];
};

const PAGE = "/";
const SHELLS = "aryk-shell-";
const SHELL = SHELLS + BUILT.version;
const WORDS = "aryk-words";
/** Of the words of each language but the first. */
const ADDRESSES: Record<string, string> = addresses;
const ROOM = "aryk-room";
const LIVE = /^\/(api|_allauth|admin|accounts|i18n)\//;

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([holdShell(), holdAnew()]));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells());
  event.waitUntil(Promise.all([dropOld(WORDS, Object.values(ADDRESSES)), dropOld(ROOM, BUILT.room)]));
  // The first page is served from here without being loaded again.
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || LIVE.test(pathname)) return;
  if (mode === "navigate") event.respondWith(pathname === PAGE ? page(event.request) : fetch(event.request));
  else if (pathname.startsWith("/static/app/")) event.respondWith(asset(event.request));
});

self.addEventListener("message", (event) => {
  const { hold, language } = event.data as { hold?: string; language?: string };
  // Those of the first language are in the script.
  const words = ADDRESSES[language ?? ""];
  if (hold === "words")
    event.waitUntil(answered(event, Promise.all([holdShell(), holdOnly(WORDS, words ? [words] : [])])));
  if (hold === "room") event.waitUntil(answered(event, holdOnly(ROOM, BUILT.room)));
  if (hold === "page") event.waitUntil(answered(event, takeOver()));
});

async function takeOver(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Other pages of this server run nothing of the app.
  if (tabs.filter(({ url }) => new URL(url).pathname === PAGE).length > 1)
    throw new Error("Another tab uses the old app.");
  await self.skipWaiting();
}

/** Tells the page whether it is held, so that the page does not promise what is not there. */
async function answered(event: ExtendableMessageEvent, holding: Promise<unknown>): Promise<void> {
  const done = await holding.then(
    () => true,
    () => false,
  );
  event.ports[0]?.postMessage(done);
}

/** Fired by browsers that know it when the connection comes back, even with the app closed. */
self.addEventListener("sync", (event) => {
  event.waitUntil(sendAll(self.location.origin));
});

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

declare global {
  interface ServiceWorkerGlobalScopeEventMap {
    sync: SyncEvent;
  }
}

async function page(request: Request): Promise<Response> {
  const own = await caches.match(PAGE, { cacheName: SHELL, ignoreVary: true });
  // A new worker that takes over in this very moment may have dropped our shell: then its own, whole.
  return own ?? (await caches.match(PAGE, { ignoreVary: true })) ?? fetch(request);
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

/** Whatever of it is not here. The page comes last: while it is missing, nothing is answered from here. Mostly the browser has just loaded it, and need not ask again. */
async function holdShell(): Promise<void> {
  await holdOnly(SHELL, [BUILT.app]);
  const cache = await caches.open(SHELL);
  if (await own(cache.match(PAGE, { ignoreVary: true })).catch(() => null)) return;
  const page = (await own(fetch(PAGE, { cache: "force-cache" }))) ?? (await own(fetch(PAGE, { cache: "no-cache" })));
  if (!page) throw new Error("Another page.");
  await cache.put(PAGE, page);
}

/** The page, if it is the one that was built with this worker, to the byte. */
async function own(coming: Promise<Response | undefined>): Promise<Response | null> {
  const page = await coming;
  return page && (await sha256(await page.clone().arrayBuffer())).startsWith(BUILT.version) ? page : null;
}

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(SHELLS) && name !== SHELL) await caches.delete(name);
}

/** All of them or none: a room with a part missing would fail in a village. */
async function holdOnly(name: string, addresses: string[]): Promise<void> {
  const cache = await caches.open(name);
  const missing = [];
  for (const address of addresses) if (!(await cache.match(address, { ignoreVary: true }))) missing.push(address);
  await cache.addAll(missing);
}

/** Whoever held words or the room with the old worker has the new ones before the new worker takes over. */
async function holdAnew(): Promise<void> {
  const words = await (await caches.open(WORDS)).keys();
  const spoken = Object.keys(ADDRESSES).filter((code) => words.some(({ url }) => url.includes(`/${code}-`)));
  await holdOnly(
    WORDS,
    spoken.map((code) => ADDRESSES[code] ?? ""),
  );
  if ((await (await caches.open(ROOM)).keys()).length > 0) await holdOnly(ROOM, BUILT.room);
}

async function dropOld(name: string, addresses: string[]): Promise<void> {
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    if (!addresses.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}
