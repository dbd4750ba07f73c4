/**
 * The browser's database in promises: of what idb can do what the store asks for, by idb's names and types, in a third of the bytes that
 * every phone has to fetch.
 */
import type { DBSchema, IDBPDatabase, openDB as idb, OpenDBCallbacks } from "idb";

const READS = ["get", "getKey", "getAll", "getAllKeys", "count", "openKeyCursor"] as const;
const WRITES = ["put", "add", "delete"] as const;

/** What `openDB` gives. */
type Direct = Exclude<(typeof READS)[number], "openKeyCursor"> | (typeof WRITES)[number];
export type Kept<Shape extends DBSchema> = Pick<
  IDBPDatabase<Shape>,
  "name" | "transaction" | "close" | "getAllFromIndex" | Direct
>;
export type Opening = <Shape extends DBSchema>(...how: Parameters<typeof idb<Shape>>) => Promise<Kept<Shape>>;

type Asking<Answer> = Record<(typeof READS | typeof WRITES)[number], (...rest: unknown[]) => Answer>;
type Asked = Asking<Promise<unknown>> & { index(name: string): Asked };

/** Of a cursor the first row: nobody asks for another. */
function answer<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((given, failed) => {
    request.onsuccess = () => given(request.result);
    request.onerror = () => failed(request.error);
  });
}

function asked(place: IDBObjectStore | IDBIndex): Asked {
  const { name, keyPath } = place;
  const all = { name, keyPath, index: (of: string) => asked((place as IDBObjectStore).index(of)) } as unknown as Asked;
  for (const name of [...READS, ...WRITES]) {
    all[name] = (...rest) => answer((place as unknown as Asking<IDBRequest>)[name](...rest));
  }
  return all;
}

/** `done` fails with the browser's reason, and when somebody aborts. */
function transactionOf(native: IDBTransaction) {
  const done = new Promise<void>((ended, failed) => {
    native.oncomplete = () => ended();
    native.onabort = () => failed(native.error ?? new DOMException("", "AbortError"));
  });
  // Whoever asked for what failed has heard of it, and may not come as far as this.
  done.catch(() => undefined);
  const objectStore = (name: string) => asked(native.objectStore(name));
  return { done, objectStore, store: objectStore(native.objectStoreNames[0] as string), abort: () => native.abort() };
}

function databaseOf(native: IDBDatabase) {
  const transaction = (...rest: Parameters<IDBDatabase["transaction"]>) => transactionOf(native.transaction(...rest));
  const alone = async (name: string, mode: IDBTransactionMode, ask: (store: Asked) => Promise<unknown>) => {
    const { store, done } = transaction(name, mode);
    const [value] = await Promise.all([ask(store), done]);
    return value;
  };
  const db: Record<string, unknown> = {
    name: native.name,
    transaction,
    close: () => native.close(),
    getAllFromIndex: (name: string, index: string, ...rest: unknown[]) =>
      alone(name, "readonly", (store) => store.index(index).getAll(...rest)),
  };
  const direct = (mode: IDBTransactionMode) => (name: keyof Asking<unknown>) => {
    db[name] = (store: string, ...rest: unknown[]) => alone(store, mode, (all) => all[name](...rest));
  };
  READS.forEach(direct("readonly"));
  WRITES.forEach(direct("readwrite"));
  return db;
}

/** In the place of idb's. While a database is made or brought to a newer step, `upgrade` has the browser's own hands on it. */
export const openDB = (async (name: string, version: number, how: OpenDBCallbacks<unknown> = {}) => {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = (event) =>
    how.upgrade?.(request.result as never, event.oldVersion, event.newVersion, request.transaction as never, event);
  const native = await answer(request);
  native.onversionchange = (event) => how.blocking?.(event.oldVersion, event.newVersion, event);
  native.onclose = () => how.terminated?.();
  return databaseOf(native);
}) as unknown as Opening;
