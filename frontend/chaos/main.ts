/**
 * node chaos.js <origin> <server pid> '{"phones": 8, "steps": 60, "without": []}'
 * A seed a line in, one line of JSON out for the life that was lived through with it.
 */
import "fake-indexeddb/auto";
import { createInterface } from "node:readline";
import { beBrowsers } from "./browser";
import { prepare } from "./ground";
import { listen } from "./network";
import { Broken } from "./promises";
import { FAULTS } from "./weather";
import { live } from "./world";

interface Wanted {
  phones: number;
  steps: number;
  without: string[];
}

const [origin = "", server = "", wish = "{}"] = process.argv.slice(2);
const wanted = JSON.parse(wish) as Wanted;

listen();
beBrowsers(origin);
const ground = await prepare(origin, Number(server));
for await (const line of createInterface({ input: process.stdin })) say(await lived(Number(line)));
ground.office.close();
process.exit(0);

async function lived(seed: number): Promise<object> {
  try {
    const { operations, faults } = await live(seed, ground, wanted, new Set(wanted.without));
    return { seed, operations, faults: Object.fromEntries(faults), kinds: FAULTS };
  } catch (trouble) {
    if (trouble instanceof Broken) return { seed, broken: trouble.message };
    throw trouble;
  }
}

function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
