/**
 * One phone's IndexedDB, as it is under a page that can be killed between any two steps, on a disk that can be full and
 * whose last relaxed commits can be lost. The code under test works on what `mortal` gives and notices nothing.
 */
import { IDBFactory } from "fake-indexeddb";
import type { Dice } from "./dice";
import { abort, type Life, never } from "./life";
import type { Weather } from "./weather";

/** A database of idb's, whatever its stores are. */
interface Kept {
  name: string;
}

interface Before {
  db: Kept;
  store: string;
  key: IDBValidKey;
  value: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: idb's types depend on the store's name, which is not known here.
type Any = any;

export class Disk {
  factory = new IDBFactory();
  full = false;
  /** What relaxed commits changed since the last strict one, oldest first. */
  private unflushed: Before[][] = [];

  /** Evicted: nothing is left. */
  renew(): void {
    this.factory = new IDBFactory();
    this.unflushed = [];
    this.full = false;
  }

  flushed(): void {
    this.unflushed = [];
  }

  relaxed(before: Before[]): void {
    if (before.length > 0) this.unflushed.push(before);
  }

  get atRisk(): number {
    return this.unflushed.length;
  }

  /** The power goes: the last `count` relaxed commits never reached the disk. */
  async lose(count: number, reopened: (name: string) => Promise<Kept>): Promise<void> {
    const lost = this.unflushed
      .splice(this.unflushed.length - count)
      .reverse()
      .flatMap((one) => [...one].reverse());
    this.unflushed = [];
    for (const { db, store, key, value } of lost) {
      const raw = (await reopened(db.name)) as Any;
      const transaction = raw.transaction(store, "readwrite");
      const keyed = transaction.store.keyPath !== null;
      await (value === undefined
        ? transaction.store.delete(key)
        : transaction.store.put(value, keyed ? undefined : key));
      await transaction.done;
    }
  }
}

interface Around {
  life: Life;
  disk: Disk;
  dice: Dice;
  weather: Weather;
  kill: () => void;
  /** Told of each row that is about to be kept. */
  noted?: (store: string, value: unknown) => void;
}

type Fate = "lives" | "before" | "during" | "after";

/** The database as one tab sees it: any write may be the last thing the tab does. */
export function mortal<One extends Kept>(db: One, parts: Around): One {
  return new Mortal(db, parts).proxy as One;
}

class Mortal {
  readonly proxy: unknown;

  constructor(
    private readonly db: Kept,
    private readonly parts: Around,
  ) {
    const short = new Map<string | symbol, unknown>([
      ["transaction", (stores: Any, mode: Any, options: Any) => this.transaction(stores, mode, options)],
      ["put", (store: string, value: unknown, key?: IDBValidKey) => this.one(store, "put", [value, key])],
      ["delete", (store: string, key: IDBValidKey) => this.one(store, "delete", [key])],
    ]);
    this.proxy = new Proxy(db as object, {
      get: (target, name) => short.get(name) ?? this.silenced(target, name),
    });
  }

  private async one(store: string, method: string, given: unknown[]): Promise<unknown> {
    const transaction = this.transaction(store, "readwrite", undefined) as Any;
    const result = await transaction.store[method](...given.filter((one) => one !== undefined));
    await transaction.done;
    return result;
  }

  private transaction(stores: Any, mode: Any = "readonly", options: Any = undefined): unknown {
    const fate = mode === "readonly" ? "lives" : this.fate();
    if (fate === "before") {
      this.parts.kill();
      return silent();
    }
    const real = (this.db as Any).transaction(stores, mode, options);
    if (mode === "readonly") return this.reading(real);
    return new Writing(real, this.db, options?.durability === "strict", fate, this.parts).proxy;
  }

  private fate(): Fate {
    const { weather, dice } = this.parts;
    if (weather.strikes("killed_before_commit", 0.004, dice)) return "before";
    if (weather.strikes("killed_in_transaction", 0.004, dice)) return "during";
    return weather.strikes("killed_after_commit", 0.006, dice) ? "after" : "lives";
  }

  private reading(real: object): unknown {
    return new Proxy(real, {
      get: (target, name) => {
        if (name === "objectStore") return (store: string) => this.silencedAll((target as Any).objectStore(store));
        if (name === "store") return this.silencedAll((target as Any).store);
        return this.silenced(target, name);
      },
    });
  }

  private silencedAll(target: object): unknown {
    return new Proxy(target, {
      get: (one, name) =>
        name === "index" ? (index: string) => this.silencedAll((one as Any).index(index)) : this.silenced(one, name),
    });
  }

  /** A method whose promise never comes after the death. */
  private silenced(target: object, name: string | symbol): unknown {
    return silenced(this.parts.life, target, name);
  }
}

function silenced(life: Life, target: object, name: string | symbol): unknown {
  const value = Reflect.get(target, name, target) as unknown;
  if (value instanceof Promise) return life.guard(value);
  if (typeof value !== "function") return value;
  return (...given: unknown[]) => {
    if (life.dead) return never();
    const result = (value as (...given: unknown[]) => unknown).apply(target, given);
    return result instanceof Promise ? life.guard(result) : result;
  };
}

/** What a dead tab holds in its hands: everything can be called, nothing comes. */
function silent(): unknown {
  return new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === "done") return never();
        if (name === "objectStore") return () => silentStore();
        if (name === "store") return silentStore();
        return () => never();
      },
    },
  );
}

function silentStore(): unknown {
  return new Proxy({}, { get: (_, name) => (name === "index" ? () => silentStore() : () => never()) });
}

const WRITES = new Set<string | symbol>(["add", "put", "delete", "clear"]);

class Writing {
  readonly proxy: unknown;
  private readonly before: Before[] = [];
  private readonly done: Promise<void>;

  constructor(
    private readonly real: Any,
    private readonly db: Kept,
    private readonly strict: boolean,
    private readonly fate: Fate,
    private readonly parts: Around,
  ) {
    this.done = this.finished();
    this.done.catch(() => undefined);
    this.proxy = new Proxy(real as object, {
      get: (target, name) => {
        if (name === "done") return this.done;
        if (name === "store") return this.store(real.store);
        if (name === "objectStore") {
          return (store: string) => (parts.life.dead ? silentStore() : this.store(real.objectStore(store)));
        }
        return silenced(parts.life, target, name);
      },
    });
  }

  private finished(): Promise<void> {
    const { life, disk, kill } = this.parts;
    life.open.add(this.real);
    const over = (this.real.done as Promise<void>).finally(() => life.open.delete(this.real));
    const committed = over.then(() => {
      if (this.strict) disk.flushed();
      else disk.relaxed(this.before);
      if (this.fate === "after") kill();
    });
    return life.guard(committed);
  }

  private store(real: Any): unknown {
    return new Proxy(real as object, {
      get: (target, name) => {
        if (name === "index") return (index: string) => this.store(real.index(index));
        if (!WRITES.has(name)) return silenced(this.parts.life, target, name);
        return (...given: unknown[]) => this.write(real, String(name), given);
      },
    });
  }

  private write(real: Any, method: string, given: unknown[]): Promise<unknown> {
    const { life, disk, kill } = this.parts;
    if (life.dead) return never();
    if (disk.full && (method === "add" || method === "put")) {
      const refused = this.refuse();
      // The caller may be waiting for another request of the same transaction, and hears of it there.
      refused.catch(() => undefined);
      return refused;
    }
    if (method === "put") this.parts.noted?.(real.name, given[0]);
    if (this.fate === "during") {
      const promise = real[method](...given) as Promise<unknown>;
      promise.catch(() => undefined);
      kill();
      return never();
    }
    if (this.strict) return life.guard(real[method](...given));
    return life.guard(this.remembered(real, method, given));
  }

  /** As browsers do: the request fails after a while, and the whole transaction with it. */
  private async refuse(): Promise<never> {
    await Promise.resolve();
    abort(this.real);
    throw new DOMException("The disk is full.", "QuotaExceededError");
  }

  private async remembered(real: Any, method: string, given: unknown[]): Promise<unknown> {
    const path = real.keyPath as string | string[] | null;
    const keys = method === "clear" ? ((await real.getAllKeys()) as IDBValidKey[]) : [keyOf(method, given, path)];
    for (const key of keys) {
      this.before.push({ db: this.db, store: real.name, key, value: await real.get(key) });
    }
    return real[method](...given);
  }
}

function keyOf(method: string, given: unknown[], path: string | string[] | null): IDBValidKey {
  if (method === "delete") return given[0] as IDBValidKey;
  if (path === null) return given[1] as IDBValidKey;
  const value = given[0] as Record<string, IDBValidKey>;
  return typeof path === "string" ? (value[path] as IDBValidKey) : path.map((part) => value[part] as IDBValidKey);
}
