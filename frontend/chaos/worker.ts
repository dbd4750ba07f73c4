/** The phone's service worker: the app's own answer to the browser's `sync` event, where no page is open, or beside one. */
import { isUnsent } from "../src/model/cards";
import type { Lock } from "../src/store/facts";
import { sendAll } from "../src/sw/sending";
import { within } from "./browser";
import { operationsOf, type Phone } from "./phone";
import { demand } from "./promises";

/** Chrome's: no more, however much is left. */
const MOST_EVENTS = 3;

/** The connection is back: an event, and another one later while something is left. */
export async function inBackground(phone: Phone): Promise<void> {
  const { dice } = phone;
  for (let left = MOST_EVENTS; left > 0; left--) {
    if ((await wakeWorker(phone)) === "sent") return;
    phone.clock.pass(dice.pick([300_000, 900_000]));
  }
}

/** One event, and what the browser is told then: that all is sent, or to try again. */
export async function wakeWorker(phone: Phone): Promise<"sent" | "unsent" | "died"> {
  const life = phone.work();
  const sending = within(phone.browser(life), () => sendAll(phone.world.origin));
  const outcome = await life.orDeath(sending.then(() => "sent" as const, unsent));
  phone.kill(life);
  if (outcome === "sent" && phone.tabs.length === 0) await nothingWaits(phone);
  return outcome;
}

function unsent(trouble: Error): "unsent" {
  if (trouble.message !== "Unsent.") throw trouble;
  return "unsent";
}

/** No page is open: nobody but the worker has said or sent anything meanwhile. */
async function nothingWaits({ accounts }: Phone): Promise<void> {
  for (const account of accounts) {
    const words = (await operationsOf(account)).filter(isUnsent);
    const media = await account.raw.getAllFromIndex("media", "state", "pending");
    const left = words.length + media.length;
    demand(left === 0, () => `the worker told the browser that all was sent, and ${left} waited (${words[0]?.type})`);
  }
}

/** As the app keeps it; nobody enters its code here. */
const NOTHING = new Uint8Array(0);
const LOCK: Lock = { kind: "pin", salt: NOTHING, rounds: 1, wrapped: NOTHING };

/** Where every profile has a lock meanwhile: no page of theirs is open, and the worker has no code. */
export async function locked({ accounts }: Phone, run: () => Promise<void>): Promise<void> {
  const keys = await Promise.all(accounts.map(({ raw }) => raw.get("facts", "keys")));
  await Promise.all(accounts.map(({ raw }) => raw.put("facts", LOCK, "keys")));
  await run();
  await Promise.all(accounts.map(({ raw }, at) => raw.put("facts", keys[at] as Lock, "keys")));
}
