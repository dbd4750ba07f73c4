/**
 * A database of a browser as JSON, and back: schema, version and every row. Plain script, so that the same lines run under
 * fake-indexeddb and, handed over by a test, inside a real browser's page.
 */

/** @param {string} name */
export async function dump(name) {
  const db = await done(indexedDB.open(name));
  const stores = [];
  for (const store of db.objectStoreNames) stores.push(await dumpStore(db, store));
  const version = db.version;
  db.close();
  return { name, version, stores };
}

/** Makes the database as it was dumped, in place of what is there; `name` gives it another name. */
export async function load(dumped, name = dumped.name) {
  await done(indexedDB.deleteDatabase(name));
  const opening = indexedDB.open(name, dumped.version);
  opening.onupgradeneeded = () => {
    for (const { name, keyPath, indexes, rows } of dumped.stores) {
      const store = opening.result.createObjectStore(name, keyPath === null ? undefined : { keyPath });
      for (const index of indexes) store.createIndex(index.name, index.keyPath, { unique: index.unique });
      for (const { key, value } of rows) store.put(live(value), keyPath === null ? key : undefined);
    }
  };
  (await done(opening)).close();
}

async function dumpStore(db, name) {
  const store = db.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  const indexes = [...store.indexNames].map((each) => {
    const { name, keyPath, unique } = store.index(each);
    return { name, keyPath, unique };
  });
  const rows = keys.map((key, at) => ({ key, value: dead(values[at]) }));
  return { name, keyPath: store.keyPath, indexes, rows };
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error(`${request} is blocked by another page.`));
  });
}

function dead(value) {
  if (value instanceof ArrayBuffer) return { $buffer: base64(new Uint8Array(value)) };
  if (value instanceof Uint8Array) return { $bytes: base64(value) };
  if (Array.isArray(value)) return value.map(dead);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value)?.constructor?.name !== "Object") throw new Error(`A dump does not know ${value}.`);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, dead(each)]));
}

function live(value) {
  if (Array.isArray(value)) return value.map(live);
  if (typeof value !== "object" || value === null) return value;
  if ("$buffer" in value) return bytes(value.$buffer).buffer;
  if ("$bytes" in value) return bytes(value.$bytes);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, live(each)]));
}

function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function bytes(text) {
  return Uint8Array.from(atob(text), (symbol) => symbol.charCodeAt(0));
}
