/** A database on a disk that is full: what needs room fails, and its transaction with it; what is taken away goes. */
import type { Database } from "../../src/store/opening";

// biome-ignore lint/suspicious/noExplicitAny: idb's types depend on the stores' names, which are not known here.
type Any = any;

export function full(db: Database): Database {
  const transaction = (...how: unknown[]) => filled((db as Any).transaction(...how));
  const refuse = async () => Promise.reject(noRoom());
  return { ...db, transaction, put: refuse, add: refuse } as Any;
}

function filled(real: Any): unknown {
  const refuse = async () => {
    real.abort();
    throw noRoom();
  };
  const store = (one: Any) => ({ ...one, put: refuse, add: refuse });
  return { ...real, store: store(real.store), objectStore: (name: string) => store(real.objectStore(name)) };
}

function noRoom(): DOMException {
  return new DOMException("full", "QuotaExceededError");
}
