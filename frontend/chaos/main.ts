/**
 * node chaos.js <origin> <server pid> '{"from": 1, "operations": 5000, "minutes": null, "phones": 8, "steps": 60, "without": []}'
 * One line of JSON a seed; the last one says how it ended. The exit code is 1 when a promise was broken.
 */
import "fake-indexeddb/auto";
import { prepare } from "./ground";
import { Broken } from "./promises";
import { FAULTS, type Fault } from "./weather";
import { live } from "./world";

interface Wanted {
  from: number;
  /** Seeds to live through at most. */
  seeds: number | null;
  operations: number | null;
  minutes: number | null;
  phones: number;
  steps: number;
  without: string[];
}

const [origin = "", server = "", wish = "{}"] = process.argv.slice(2);
const wanted = JSON.parse(wish) as Wanted;

async function run(): Promise<boolean> {
  const ground = await prepare(origin, Number(server));
  const began = Date.now();
  const faults = new Map<Fault, number>();
  let operations = 0;
  let seed = wanted.from;
  try {
    for (; !enough(seed, operations, began, missed(faults)); seed++) {
      const lived = await live(seed, ground, wanted, new Set(wanted.without));
      operations += lived.operations;
      for (const [fault, count] of lived.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
      say({ seed, operations, seconds: (Date.now() - began) / 1000 });
    }
  } catch (trouble) {
    if (!(trouble instanceof Broken)) throw trouble;
    say({ broken: trouble.message, seed });
    return false;
  } finally {
    ground.office.close();
  }
  const [from, to] = [wanted.from, seed - 1];
  say({ done: true, from, to, operations, faults: Object.fromEntries(faults), missed: missed(faults) });
  return true;
}

/** Kinds of fault that never struck. */
function missed(faults: Map<Fault, number>): Fault[] {
  return FAULTS.filter((fault) => !faults.has(fault) && !wanted.without.includes(fault));
}

/** Goes on beyond the operations that were asked for while a kind of fault is missing, to four times as many at the most. */
function enough(seed: number, operations: number, began: number, missing: Fault[]): boolean {
  if (wanted.seeds !== null && seed - wanted.from >= wanted.seeds) return true;
  if (wanted.operations !== null && operations >= wanted.operations * (missing.length > 0 ? 4 : 1)) return true;
  return wanted.minutes !== null && Date.now() - began >= wanted.minutes * 60_000;
}

function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

process.exit((await run()) ? 0 : 1);
