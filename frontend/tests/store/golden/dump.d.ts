export interface Dump {
  name: string;
  version: number;
  stores: {
    name: string;
    keyPath: string | string[] | null;
    indexes: { name: string; keyPath: string | string[]; unique: boolean }[];
    rows: { key: IDBValidKey; value: unknown }[];
  }[];
}

export function dump(name: string): Promise<Dump>;
export function load(dumped: Dump, name?: string): Promise<void>;
