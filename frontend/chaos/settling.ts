/** The sky is clear: everybody syncs until nothing is left to say, to hear or to react to. */
import type { Outgoing } from "../src/model";
import { base64url } from "../src/model/bytes";
import { isUnsent } from "../src/model/cards";
import { sealedTo } from "../src/model/sealing";
import { logIn, sealAnew } from "./doing";
import { type Ground, MEDIATORS } from "./ground";
import { orphans } from "./invariants";
import type { AllEffects } from "./office";
import { type Account, operationsOf, type Phone, type World } from "./phone";
import { demand, OF_MEDIATORS } from "./promises";
import { openTogether } from "./together";
import { wakeWorker } from "./worker";
import type { Others } from "./world";

const MOST_ROUNDS = 120;

/** First with the poisoned operations still poisoned: they may hold up nothing else. Then everything goes. */
export async function settleDown(phones: Phone[], ground: Ground, world: World, others: Others): Promise<void> {
  const drained = (asked = false, closed: Phone[] = []) =>
    Promise.all(phones.map((phone) => drain(phone, ground, world, asked, closed.includes(phone))));
  for (const phone of phones) phone.killAll();
  await world.weather.cleared();
  await ground.office.ask({ do: "settle" });
  for (const phone of phones) if (phone.disk.full) await goesOutAnyway(phone, ground, world);
  for (const phone of phones) {
    phone.disk.full = false;
    phone.clock.skew = 0;
    for (const account of phone.accounts) await phone.nothingIsMissing(account);
  }
  await drained(false, await unopened(phones, world));
  world.poison.clear();
  await drained();
  await others.carriers[0]?.bringLate(world.late);
  for (const gsm of others.gsms) await gsm.bringLate();
  for (const courier of others.couriers) for (let rounds = 0; rounds < 3; rounds++) await courier.bring();
  await ground.office.ask({ do: "settle" });
  if (world.restored || world.ended) await Promise.all(phones.map((phone, at) => backAtWork(phone, ground, world, at)));
  for (let turn = 0; turn < TURNS; turn++) {
    await drained(true);
    await openWhatIsSealed(phones);
  }
  // Again while it brought something to react to: what mediators noted takes effect only once their case is with them again.
  do {
    await drained(true);
    if (world.restored) await noted(phones, world);
    // What a mediator has just pulled counts as read, and its reporter hears of that.
    await drained(true);
  } while ((await ground.office.ask<{ done: number }>({ do: "settle" })).done > 0);
  for (const phone of phones) phone.killAll();
}

/**
 * Some phones that nobody opens. Their workers remember nothing from one event to the next, so only a page finds its way around what the server
 * hangs or dies over.
 */
async function unopened(phones: Phone[], { poison }: World): Promise<Phone[]> {
  const closed: Phone[] = [];
  for (const phone of phones.filter(({ dice }) => dice.happens(0.5))) {
    const waiting = (await Promise.all(phone.accounts.map(operationsOf))).flat().filter(isUnsent);
    const kinds = waiting.map(({ envelope }) => poison.get(base64url(envelope)));
    if (!kinds.includes("hangs") && !kinds.includes("kills_the_server")) closed.push(phone);
  }
  return closed;
}

/** A disk that keeps no answer keeps nothing from leaving: the server hears all of it, but for reports of which something is poisoned. */
async function goesOutAnyway(phone: Phone, { office }: Ground, { poison, lostKeys }: World): Promise<void> {
  for (const account of phone.accounts.filter(({ revoked }) => !revoked)) {
    phone.killAll();
    const tab = await phone.open(phone.accounts.indexOf(account));
    const profile = account.tokens.readHash;
    let held: string[] | null = null;
    for (let rounds = 0; held === null || held.length > 0; rounds += 4) {
      demand(rounds < MOST_ROUNDS, () => `a full disk keeps ${held?.length} operations from leaving (${held?.[0]})`);
      for (let left = 4; left > 0; left--, phone.clock.pass(300_000)) await tab.loop.wake();
      const { profiles } = await office.ask<AllEffects>({ do: "effects", profiles: [profile] });
      const there = profiles[profile]?.operations ?? {};
      // What is sealed to a lost key has to be sealed again, for which there is no room now; what follows it may wait for it.
      const all = (await operationsOf(account)).filter(isUnsent);
      const lost = new Set(
        all.filter(({ envelope }) => lostKeys.has(sealedTo(envelope))).map(({ entityId }) => entityId),
      );
      const waiting = all.filter(({ entityId }) => !lost.has(entityId));
      const poisoned = poisonedOf(waiting, poison);
      held = waiting.filter(({ opId, entityId }) => !poisoned.has(entityId) && !(opId in there)).map(named);
    }
  }
  phone.killAll();
}

/** What a poisoned operation is about: nothing else of it need leave before it, a report for one not before its readers. */
function poisonedOf(waiting: Outgoing[], poison: World["poison"]): Set<string> {
  return new Set(waiting.filter(({ envelope }) => poison.has(base64url(envelope))).map(({ entityId }) => entityId));
}

/** One mediator asks, the other one answers, the first one looks: each a turn, if the days before have not come so far. */
const TURNS = 3;

async function openWhatIsSealed(phones: Phone[]): Promise<void> {
  for (const [number, phone] of phones.entries()) {
    const [account] = phone.accounts;
    if (!account?.mediator || account.revoked) continue;
    phone.killAll();
    await openTogether(phone, await phone.open(), MEDIATORS[number] ?? null);
  }
}

/**
 * Whoever had ever logged in when the server was restored, or the logins were ended, does so again: until then what they said as a mediator
 * waits. But for those of no restored server who had logged out and of whom nothing waits.
 */
async function backAtWork(phone: Phone, ground: Ground, { restored }: World, number: number): Promise<void> {
  const [account] = phone.accounts;
  const waits = (one: Outgoing) => isUnsent(one) && OF_MEDIATORS.has(one.type);
  if (!restored && account?.mediator === null && !(await operationsOf(account)).some(waits)) return;
  for (const session of [ground.beside[number], ground.mediators[number]]) {
    phone.killAll();
    if (session && account && account.login !== "never" && !account.revoked)
      await logIn(await phone.open(), ground, session);
  }
}

/** Photos whose bytes had left the phone before it heard of the restore: nobody has them any more. */
async function noted(phones: Phone[], { promises }: World): Promise<void> {
  for (const { raw } of phones.flatMap((phone) => phone.accounts)) {
    const held = new Set(await raw.getAllKeys("mediaBytes"));
    for (const id of await raw.getAllKeys("media")) if (!held.has(id)) promises.lostMedia.add(id);
  }
}

/** Rounds until everything is out; `asked`: and until the server has said that there is nothing new; `closed`: by the worker alone. */
async function drain(phone: Phone, ground: Ground, world: World, asked: boolean, closed: boolean): Promise<void> {
  let vain = new Set(await orphans(ground, world));
  for (let which = 0; which < phone.accounts.length; which++) {
    phone.killAll();
    const tab = await phone.open(which);
    for (let rounds = 0; ; rounds++) {
      await sealAnew(phone, tab);
      const stuck = await unsent(tab.account, world, (one) => vain.has(one.opId) || (!asked && mayWait(one, world)));
      if (tab.account.revoked || (stuck.length === 0 && (!asked || tab.outcome === "done"))) break;
      demand(rounds < MOST_ROUNDS, () => `${stuck.length} operations never go out (${stuck[0]}); ends ${tab.outcome}`);
      if (rounds > 0) phone.clock.pass(300_000);
      if (closed) await wakeWorker(phone);
      else await tab.loop.wake();
      // Only what the server has heard is known to wait in vain.
      if (rounds === 0) vain = new Set(await orphans(ground, world));
    }
  }
}

/** Before mediators have logged in again, and the cases are with their offices again. */
function mayWait({ type }: Outgoing, { restored, ended }: World): boolean {
  return (restored || ended) && OF_MEDIATORS.has(type);
}

/**
 * What should have gone out by now: all but the poisoned operations and what is said about the same reports. Their photos too, where nobody
 * stands in their place.
 */
async function unsent(
  account: Account,
  { poison, occupied }: World,
  mayStay: (one: Outgoing) => boolean,
): Promise<string[]> {
  const waiting = (await operationsOf(account)).filter(isUnsent);
  const held = poisonedOf(waiting, poison);
  const words = waiting.filter((one) => !held.has(one.entityId) && !mayStay(one)).map(named);
  const all = await account.raw.getAllFromIndex("media", "state", "pending");
  const media = all.filter(({ id, entityId }) => !(held.has(entityId) && occupied.has(id)));
  return [...words, ...media.map(({ id, role, attempts }) => `${role} ${id} (${attempts} attempts)`)];
}

function named({ opId, type, state, code, attempts, notBefore }: Outgoing): string {
  return `${type} ${opId} (${state}/${code}, ${attempts} attempts, due ${notBefore})`;
}
