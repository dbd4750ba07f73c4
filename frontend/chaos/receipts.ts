/** What must hold of receipts: whoever has all of one learns how far its report is, and nobody learns anything else. */
import { type Looked, lookUp } from "../src/actions/looking";
import type { ReportBody } from "../src/model";
import { grouped, newReceipt, SYMBOLS } from "../src/model/receipts";
import { shown } from "../src/store/reading";
import { within } from "./browser";
import type { Dice } from "./dice";
import { toldOfReceipts } from "./network";
import type { AllEffects } from "./office";
import type { Account, Phone, Tab } from "./phone";
import { demand, type Promises } from "./promises";

/** What docs/sync.md has a receipt tell, by how its case stands, and by what the reporter's own phone shows. */
const TELLS: Record<string, Looked> = {
  received: "arrived",
  arrived: "arrived",
  assigned: "with_office",
  acknowledged: "with_office",
  with_office: "with_office",
  disputed: "with_office",
  answered: "answered",
  solved: "solved",
  unconfirmed: "closed",
  withdrawn: "closed",
};
const STATES = new Set(Object.values(TELLS));

/** As people write one down. */
const SPELLINGS = [
  grouped,
  (receipt: string) => receipt,
  (receipt: string) => receipt.toLowerCase(),
  (receipt: string) => receipt.replaceAll("0", "O").replaceAll("1", "l"),
];

/** Somebody looks up here what anybody's phone showed; or what is nobody's, invented or copied wrong. */
export async function lookAround(phone: Phone, { life }: Tab): Promise<void> {
  const { dice, world } = phone;
  const [receipt] = dice.shuffled(all(world.promises));
  if (receipt === undefined) return;
  const guessed = world.weather.strikes("receipt_guessed", 0.5, dice);
  const asked = guessed ? guess(receipt, dice) : { text: dice.pick(SPELLINGS)(receipt), tells: [...STATES, NOT_HERE] };
  const told = await life.orDeath(within(phone.browser(life), () => lookUp(asked.text)));
  const right = told === "died" || told === "offline" || asked.tells.includes(told);
  demand(right, () => `${asked.text} was looked up, and tells “${told}”`);
}

const NOT_HERE = "not_found";

interface Asked {
  text: string;
  tells: Looked[];
}

function guess(receipt: string, dice: Dice): Asked {
  if (dice.happens(0.5)) return { text: newReceipt(), tells: [NOT_HERE] };
  return { text: misspelt(receipt, dice.whole(0, receipt.length - 1), dice), tells: ["malformed"] };
}

/** With another symbol in one place. */
function misspelt(receipt: string, at: number, dice: Dice): string {
  const others = [...SYMBOLS].filter((symbol) => symbol !== receipt[at]);
  return receipt.slice(0, at) + dice.pick(others) + receipt.slice(at + 1);
}

/** Of every report that anybody called saved. */
function all({ kept }: Promises): string[] {
  return kept.filter(({ type }) => type === "report.create").map(({ body }) => (body as ReportBody).receipt);
}

/** Once all is settled: a receipt tells how its case stands, as the tables say and as its report's own phone shows. */
export async function receiptsTell(phones: Phone[], effects: AllEffects, promises: Promises): Promise<void> {
  const told = await lookedUp(all(promises));
  for (const [receipt, answer] of told) {
    const status = effects.receipts[receipt];
    const right = status === undefined ? NOT_HERE : TELLS[status];
    demand(answer === right, () => `receipt ${receipt} tells “${answer}”, and its case is ${status ?? "nowhere"}`);
  }
  const accounts = phones.flatMap((phone) => phone.accounts);
  for (const account of accounts.filter((one) => !one.revoked)) await tellsAsShown(account, told);
  await nobodysTellNothing([...told.keys()], phones[0] as Phone);
  for (const answer of toldOfReceipts) isNoMore(answer);
}

async function tellsAsShown({ raw, vault }: Account, told: Map<string, Looked>): Promise<void> {
  const { cards } = await shown(raw, vault);
  for (const { receipt, state } of cards) {
    const answer = told.get(receipt.replaceAll("-", ""));
    // What became of its case a card does not show that asks for the person's attention.
    if (answer === undefined || !(state in TELLS)) continue;
    // Taken back before it had come, it never came.
    const right = answer === TELLS[state] || (state === "withdrawn" && answer === NOT_HERE);
    demand(right, () => `receipt ${receipt} tells “${answer}”, and the reporter's phone shows “${state}”`);
  }
}

async function nobodysTellNothing([receipt]: string[], { dice }: Phone): Promise<void> {
  if (receipt === undefined) return;
  const wrong = [...receipt].map((_, at) => misspelt(receipt, at, dice));
  for (const [text, answer] of await lookedUp([...wrong, ...wrong.map(() => newReceipt())])) {
    const right = wrong.includes(text) ? "malformed" : NOT_HERE;
    demand(answer === right, () => `${text}, which is nobody's receipt, tells “${answer}”`);
  }
}

const AT_ONCE = 8;

async function lookedUp(receipts: string[]): Promise<Map<string, Looked>> {
  const told = new Map<string, Looked>();
  for (let at = 0; at < receipts.length; at += AT_ONCE) {
    const looking = async (receipt: string) => told.set(receipt, await lookUp(receipt));
    await Promise.all(receipts.slice(at, at + AT_ONCE).map(looking));
  }
  return told;
}

/** The fields of a refusal, whatever was asked. */
const OF_A_PROBLEM = ["code", "detail", "status", "title", "type"];
const refusals = new Map<string, string>();

/** A state and nothing beside it; and each refusal in the same words, whatever was looked up. */
function isNoMore(answer: string): void {
  const [status = "", body = ""] = [answer.slice(0, 3), answer.slice(4)];
  // What it cannot say now, and what stands before it says, is no answer.
  if (!["200", "400", "404"].includes(status)) return;
  const fields = JSON.parse(body) as Record<string, string>;
  const names = Object.keys(fields).sort().join();
  const alone = status === "200" && names === "state" && STATES.has(fields.state as Looked);
  if (status !== "200" && !refusals.has(status)) refusals.set(status, body);
  const refused = names === OF_A_PROBLEM.join() && refusals.get(status) === body;
  demand(alone || refused, () => `who looked a receipt up was told ${answer}`);
}
