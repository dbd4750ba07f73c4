/**
 * Where the browser keeps nothing: what `browser.ts` gives, over the memory of this page, and gone with it. Fetched by
 * such a browser alone. As in a browser, one transaction that writes comes after the other, ends when nothing more is asked of it,
 * and leaves nothing behind where it fails.
 */
import type { OpenDBCallbacks } from "idb";
import type { Opening } from "./browser";

type Key = string | number | Key[];
interface Row {
  key: Key;
  value: unknown;
}
type Path = string | string[];
interface Index {
  path: string;
  unique: boolean;
}

class Table {
  rows: Row[] = [];
  indexes: Record<string, Index> = {};

  constructor(readonly path: Path | undefined) {}

  createIndex(name: string, path: string, { unique = false } = {}): void {
    this.indexes[name] = { path, unique };
  }

  find(key: unknown): Row | undefined {
    return this.rows.find((row) => order(row.key, key as Key) === 0);
  }

  /** Its key, as in a browser. */
  put(value: unknown, key = valueAt(value, this.path)): Key {
    for (const { path, unique } of Object.values(this.indexes)) {
      const same = (row: Row) => valueAt(row.value, path) === valueAt(value, path) && order(row.key, key) !== 0;
      if (unique && this.rows.some(same)) throw new DOMException(path, "ConstraintError");
    }
    this.rows = [...this.rows.filter((row) => order(row.key, key) !== 0), { key, value }].sort(byKey);
    return key;
  }

  add(value: unknown, key = valueAt(value, this.path)): Key {
    if (this.find(key)) throw new DOMException(String(key), "ConstraintError");
    return this.put(value, key);
  }

  delete(query: Key | IDBKeyRange): void {
    this.rows = this.rows.filter(({ key }) => !meant(key, query));
  }
}

/** What can be asked of a store, or of one of its indexes; each answer comes in the transaction's turn. */
function asked(act: Transaction["act"], table: Table, index?: Index) {
  const rows = (query?: Key | IDBKeyRange | null): Row[] => {
    if (!index) return table.rows.filter(({ key }) => meant(key, query));
    const has = table.rows.map((row) => ({ row, at: valueAt(row.value, index.path) }));
    // As in a browser, what has nothing there to be found by is not found.
    return has
      .filter(({ at }) => at != null && meant(at, query))
      .sort((one, other) => order(one.at, other.at))
      .map(({ row }) => row);
  };
  return {
    get: (query: Key) => act(() => rows(query)[0]?.value),
    getKey: (query: Key) => act(() => rows(query)[0]?.key),
    getAll: (query?: IDBKeyRange | null, most?: number) =>
      act(() =>
        rows(query)
          .slice(0, most)
          .map((row) => row.value),
      ),
    getAllKeys: (query?: IDBKeyRange | null) => act(() => rows(query).map(({ key }) => key)),
    count: () => act(() => rows().length),
    /** The last one: nobody asks for another. */
    openKeyCursor: () =>
      act(() => {
        const last = rows().pop();
        return last && { key: index ? valueAt(last.value, index.path) : last.key };
      }),
    put: (value: unknown, key?: Key) => act(() => table.put(value, key)),
    add: (value: unknown, key?: Key) => act(() => table.add(value, key)),
    delete: (query: Key | IDBKeyRange) => act(() => table.delete(query)),
    index: (name: string) => asked(act, table, table.indexes[name]),
  };
}

class Transaction {
  readonly done: Promise<void>;
  private readonly turn: Promise<unknown>;
  private readonly before: Map<Table, Row[]>;
  private waiting = 0;
  private over = false;
  private end!: () => void;
  private fail!: (trouble: unknown) => void;

  constructor(
    private readonly db: Memory,
    private readonly names: string[],
  ) {
    this.turn = db.last;
    this.before = new Map();
    this.done = new Promise<void>((end, fail) => {
      this.end = end;
      this.fail = fail;
    });
    db.last = this.done.catch(() => undefined);
    void this.act(() => {
      for (const table of Object.values(db.tables)) this.before.set(table, table.rows);
    });
  }

  get store() {
    return this.objectStore(this.names[0] ?? "");
  }

  objectStore(name: string) {
    return asked(this.act, this.db.table(name));
  }

  abort(trouble: unknown = new DOMException("", "AbortError")): void {
    if (this.over) throw new DOMException("", "InvalidStateError");
    for (const [table, rows] of this.before) table.rows = rows;
    this.over = true;
    this.fail(trouble);
  }

  readonly act = async <Value>(run: () => Value): Promise<Value> => {
    this.waiting++;
    await this.turn;
    try {
      if (this.over) throw new DOMException("", "TransactionInactiveError");
      return run();
    } catch (trouble) {
      if (!this.over) this.abort(trouble);
      throw trouble;
    } finally {
      this.waiting--;
      afterwards(() => this.settle());
    }
  };

  private settle(): void {
    if (this.waiting > 0 || this.over) return;
    this.over = true;
    this.end();
  }
}

class Memory {
  readonly tables: Record<string, Table> = {};
  last: Promise<unknown> = Promise.resolve();

  table(name: string): Table {
    const found = this.tables[name];
    if (!found) throw new DOMException(name, "NotFoundError");
    return found;
  }

  createObjectStore(name: string, { keyPath }: { keyPath?: Path } = {}): Table {
    const made = new Table(keyPath);
    this.tables[name] = made;
    return made;
  }

  transaction(names: string | string[]): Transaction {
    return new Transaction(this, [names].flat());
  }

  close(): void {
    // It is as long as the page is.
  }
}

type Asked = ReturnType<typeof asked>;
const DIRECT = ["get", "getKey", "getAll", "getAllKeys", "count", "put", "add", "delete"] as const;
for (const name of DIRECT) {
  Object.defineProperty(Memory.prototype, name, {
    value(this: Memory, store: string, ...rest: unknown[]) {
      return (this.transaction(store).store[name] as (...all: unknown[]) => unknown)(...rest);
    },
  });
}
Object.defineProperty(Memory.prototype, "getAllFromIndex", {
  value(this: Memory, store: string, index: string, query?: Parameters<Asked["getAll"]>[0]) {
    return this.transaction(store).store.index(index).getAll(query);
  },
});

const all: Record<string, Memory> = {};

/** In the place of the browser's. */
export const openInMemory = (async (name: string, version: number, how?: OpenDBCallbacks<unknown>) => {
  const there = all[name];
  if (there) return there;
  const db = new Memory();
  all[name] = db;
  how?.upgrade?.(db as never, 0, version, db.transaction([]) as never, new Event("") as never);
  await db.last;
  return db;
}) as unknown as Opening;

/** Whether anybody has anything there. */
export function holds(name: string): boolean {
  return Object.values(all).some(({ tables }) => tables[name]?.rows.length);
}

/** A browser that keeps nothing forbids these too, each in its own way: then they are as if they were not there. */
export function standIn(): void {
  Object.defineProperty(navigator, "locks", { value: undefined });
  for (const name of ["sessionStorage", "localStorage"]) {
    Object.defineProperty(globalThis, name, { value: { getItem: () => null, setItem() {}, removeItem() {} } });
  }
}

function meant(key: Key, query: Key | IDBKeyRange | null | undefined): boolean {
  if (query == null) return true;
  return query instanceof IDBKeyRange ? query.includes(key) : order(key, query) === 0;
}

function valueAt(value: unknown, path: Path | undefined): Key {
  const at = (name: string) => (value as Record<string, Key>)[name] as Key;
  return Array.isArray(path) ? path.map(at) : at(path ?? "");
}

const byKey = (one: Row, other: Row) => order(one.key, other.key);

/** As a browser orders them: numbers, then words, then lists of them. */
function order(one: Key, other: Key): number {
  const [first, second] = [kindOf(one), kindOf(other)];
  if (first !== second) return first - second;
  if (!Array.isArray(one) || !Array.isArray(other)) return one < other ? -1 : Number(one > other);
  for (const [at, part] of one.entries()) {
    const with_ = other[at];
    const said = with_ === undefined ? 1 : order(part, with_);
    if (said !== 0) return said;
  }
  return one.length - other.length;
}

function kindOf(key: Key): number {
  return Array.isArray(key) ? 2 : Number(typeof key === "string");
}

/** Once all that follows from an answer has been asked, and also in a page out of sight, whose timers wait. */
function afterwards(then: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(null);
}
