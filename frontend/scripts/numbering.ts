/**
 * Which message ids travel to the phone as names. The app forms some, as in `state.${state}`: those are asked for by name.
 * Each other one stands whole and quoted in the code, where the build writes its place in the catalogue instead.
 */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const SOURCES = resolve(import.meta.dirname, "../src");
const QUOTED = /"([a-z_]+\.[a-z_0-9]+)"/g;
const FORMED = /`([a-z_]+)\.[a-z_]*\$\{/g;

const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(resolve(SOURCES, file), "utf8"));
const quoted = found(QUOTED);
const formedGroups = found(FORMED);

/** The same ids, first those that keep their names, and how many these are. */
export function inOrder(ids: string[]): { ids: string[]; named: number } {
  const numbered = (id: string) => quoted.has(id) && !formedGroups.has(id.replace(/\..*/, ""));
  const named = ids.filter((id) => !numbered(id));
  return { ids: [...named, ...ids.filter(numbered)], named: named.length };
}

/** Code with the place of each id that has lost its name. */
export function numbered(code: string, { ids, named }: ReturnType<typeof inOrder>): string {
  return code.replace(QUOTED, (quote, id: string) => {
    const place = ids.indexOf(id);
    return place < named ? quote : String(place);
  });
}

function found(pattern: RegExp): Set<string> {
  return new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name ?? "")));
}
