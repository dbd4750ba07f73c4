/** One seed: a few phones live through a storm, then the sky clears, everybody syncs, and every promise is looked at. */
import type { Outgoing } from "../src/model";
import { tokensOf } from "../src/model/secrets";
import { letGo } from "../src/store/handing";
import { Carrier } from "./carrier";
import { PhoneClock } from "./clock";
import { Courier } from "./courier";
import { Dice } from "./dice";
import {
  appeal,
  audience,
  consent,
  discard,
  followUp,
  logIn,
  logOut,
  notify,
  reply,
  report,
  sealAnew,
  verdict,
  withdraw,
} from "./doing";
import { type Ground, killWorker, logInAll, MEDIATORS, referenceOf } from "./ground";
import { Gsm } from "./gsm";
import { Hostile } from "./hostile";
import { judge } from "./invariants";
import { move } from "./moving";
import { BEGINNING, operationsOf, Phone, type Tab, type World } from "./phone";
import { Promises } from "./promises";
import { lookAround } from "./receipts";
import { settleDown } from "./settling";
import { openTogether } from "./together";
import { type Fault, Weather } from "./weather";
import { inBackground, locked } from "./worker";

export interface Told {
  operations: number;
  faults: Map<Fault, number>;
}

const YEAR_MS = 365 * 86_400_000;

/** Lives through one seed. Throws Broken when an invariant does not hold. */
export async function live(
  seed: number,
  ground: Ground,
  size: { phones: number; steps: number },
  without: Set<string>,
) {
  const dice = new Dice(seed);
  const weather = new Weather(without);
  const { origin } = ground;
  const reference = await referenceOf(origin);
  const world: World = {
    origin,
    reference,
    weather,
    poison: new Map(),
    promises: new Promises(),
    late: [],
    occupied: new Set(),
    restored: false,
    ended: false,
    switched: false,
    moved: new Set(),
    lostKeys: new Set(),
  };
  const phones = Array.from({ length: size.phones }, () => new Phone(world, dice.fork()));
  const carriers = [null, "own"].map((bearer) => ({ bearer, dice: dice.fork() }));
  const bags = await Promise.all(
    carriers.map(async (one) => new Carrier(ground.origin, weather, one.dice, await bearer(one))),
  );
  const couriers = [0, 1].map(() => new Courier(world, dice.fork(), new PhoneClock(BEGINNING)));
  const gsms = phones.map((_, at) => new Gsm(world, ground.office, dice.fork(), `+99670000000${at}`));
  const others = { carriers: bags, couriers, gsms, hostile: new Hostile(world, dice.fork()) };
  const state = { over: false };
  const outside = offices(phones, ground, world, dice.fork(), state);
  try {
    await Promise.all(phones.map((phone, at) => new Days(phone, ground, others, at).live(size.steps)));
  } finally {
    state.over = true;
    await outside;
  }
  weather.calm = true;
  await settleDown(phones, ground, world, others);
  await judge(phones, ground, world);
  await ground.office.ask({ do: "forget" });
  return { operations: world.promises.kept.length, faults: weather.counts };
}

async function bearer(one: { bearer: string | null; dice: Dice }): Promise<string | null> {
  if (one.bearer === null) return null;
  const secret = Uint8Array.from({ length: 16 }, () => one.dice.whole(0, 255));
  return (await tokensOf(secret)).read;
}

/** Workers and officers go about their work, and now and then a server process or every connection dies under it. */
async function offices(
  phones: Phone[],
  ground: Ground,
  world: World,
  dice: Dice,
  state: { over: boolean },
): Promise<void> {
  const { weather } = world;
  // Once in each life for certain, whether the machine is fast or slow: how often this turns depends on it.
  const [cut, first, swept] = [dice.whole(1, 4), dice.whole(1, 4), dice.whole(2, 8)];
  // The copy first, and in some lives some turns later the server is put back to it.
  const backup = dice.whole(1, 8);
  const restore = weather.threatens("server_restored", 0.3, dice) ? backup + dice.whole(1, 6) : 0;
  // One that was made after the copy is lost with the restore.
  const last = restore > 0 && !weather.threatens("key_lost", 1, dice) ? backup : restore || backup + 6;
  const replaced = weather.threatens("key_replaced", 0.7, dice) ? dice.whole(1, last) : 0;
  const off = weather.threatens("office_off", 1, dice) ? dice.whole(1, 6) : 0;
  const code = dice.pick(OFFICES);
  let killed = 0;
  for (let turn = 1; !state.over; turn++) {
    if (weather.threatens("decoder_killed", 0.3, dice)) {
      const { count } = await ground.office.ask<{ count: number }>({ do: "die_decoding" });
      if (count > 0) weather.count("decoder_killed");
    }
    await ground.office.ask({ do: "labour", seed: dice.whole(0, 2 ** 31) });
    // The keys of mediators' groups among it, as they come.
    if (turn % 3 === 0) world.reference = await referenceOf(ground.origin);
    if (weather.strikes("database_cut", turn === cut ? 1 : 0.02, dice)) await ground.office.ask({ do: "cut" });
    if (weather.strikes("swept", turn === swept ? 1 : 0.02, dice)) await sweep(ground, world, dice.pick([0, 31]));
    if (turn === replaced) await replaceKey(ground, world);
    if (turn === off) await switchOff(code, ground, world);
    if (off > 0 && turn === off + 6) await ground.office.ask({ do: "switch", code, on: true });
    if (restore > 0 && turn === backup) {
      world.promises.backUp();
      await ground.office.ask({ do: "back_up" });
    }
    if (turn === restore) await putBack(phones, ground, world);
    if (weather.threatens("server_killed", turn >= first && killed === 0 ? 1 : 0.01, dice)) {
      if (!(await killWorker(ground.server, (pids) => dice.pick(pids)))) continue;
      weather.count("server_killed");
      killed++;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The clock's own work, as of today or of a month later. Of an SMS that is on its way meanwhile nobody can say whether it is given up. */
async function sweep({ office }: Ground, { promises }: World, days: number): Promise<void> {
  promises.era++;
  await office.ask({ do: "sweep", days });
  promises.era++;
}

/** The server said so to this very profile. */
function isAnswered({ state, code }: Outgoing): boolean {
  return state === "done" && code === null;
}

/** An office where cases wait, and groups of mediators. */
const OFFICES = ["okmotu", "mediation", "mediation-national"];

async function switchOff(code: string, { office }: Ground, world: World): Promise<void> {
  world.weather.count("office_off");
  world.switched ||= code !== "okmotu";
  await office.ask({ do: "switch", code, on: false });
}

async function replaceKey(ground: Ground, world: World): Promise<void> {
  await ground.office.ask({ do: "replace_key" });
  world.reference = await referenceOf(ground.origin);
  world.weather.count("key_replaced");
}

/** The server is put back to the copy. Who had logged in has to do so again. */
async function putBack(phones: Phone[], ground: Ground, world: World): Promise<void> {
  world.weather.count("server_restored");
  world.restored = true;
  world.promises.era++; // An odd one: under way.
  await ground.office.ask({ do: "restore" });
  await loseKeys(ground, world);
  Object.assign(ground, await logInAll(ground.origin));
  const accounts = phones.flatMap((phone) => phone.accounts);
  world.promises.loseAllBut(new Set(accounts.map(({ tokens }) => tokens.readHash)));
  for (const account of accounts) account.expired = account.mediator !== null;
}

async function loseKeys(ground: Ground, world: World): Promise<void> {
  const before = world.reference.sync_key?.id ?? "";
  world.reference = await referenceOf(ground.origin);
  if (world.reference.sync_key?.id === before) return;
  world.lostKeys.add(before);
  world.weather.count("key_lost");
}

/** Whoever carries for the phones, or against them. */
export interface Others {
  carriers: Carrier[];
  couriers: Courier[];
  /** One a phone. */
  gsms: Gsm[];
  hostile: Hostile;
}

/** How often a person says what. */
const WORDS = {
  report: 10,
  verdict: 5,
  reply: 2,
  audience: 1.5,
  notify: 1,
  appeal: 1,
  consent: 1,
  withdraw: 0.7,
  discard: 0.7,
};
const OF_A_MEDIATOR = { followUp: 4, together: 3 };

/** The days of one phone. */
class Days {
  private readonly weather: Weather;
  private readonly dice: Dice;

  constructor(
    private readonly phone: Phone,
    private readonly ground: Ground,
    private readonly others: Others,
    private readonly number: number,
  ) {
    this.weather = phone.world.weather;
    this.dice = phone.dice;
  }

  async live(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      const tab = this.phone.tabs[0] ?? (await this.restart());
      await this.step(tab);
    }
  }

  private async restart(): Promise<Tab> {
    const { phone, dice, weather } = this;
    if (weather.threatens("power_cut", 0.3, dice)) await phone.powerCut();
    for (const account of phone.accounts) await phone.nothingIsMissing(account);
    const switched = phone.accounts.length > 1 && weather.strikes("profile_switch", 0.5, dice);
    return phone.open(switched ? 1 : 0, weather.strikes("locked_profile", 0.05, dice));
  }

  private async step(tab: Tab): Promise<void> {
    const { phone, dice } = this;
    const act = dice.weighed({ say: 10, send: 4, wait: 4, carry: 2, mediate: 3, trouble: 2, look: 1, background: 2 });
    if (act === "say") await this.say(tab);
    else if (act === "send") {
      await tab.life.orDeath(tab.loop.wake());
      await sealAnew(phone, tab);
    } else if (act === "wait") phone.clock.pass(dice.pick([1_000, 30_000, 300_000, 86_400_000]));
    else if (act === "carry") await this.carry(tab);
    else if (act === "mediate") await this.mediate(tab);
    else if (act === "look") await lookAround(phone, tab);
    else if (act === "background") await this.background(tab);
    else await this.trouble(tab);
  }

  /** Some words in a row, each of which asks to be sent at once. */
  private async say(tab: Tab): Promise<void> {
    const { phone, dice, ground } = this;
    for (let left = dice.pick([1, 2, 5, 12, 20]); left > 0 && !tab.life.dead; left--) {
      const kind = dice.weighed({ ...WORDS, ...(tab.account.mediator ? OF_A_MEDIATOR : { followUp: 0, together: 0 }) });
      if (kind === "report") await report(phone, tab, ground);
      else if (kind === "verdict") await verdict(phone, tab, ground);
      else if (kind === "reply") await reply(phone, tab, ground);
      else if (kind === "audience") await audience(phone, tab);
      else if (kind === "notify") await notify(phone, tab);
      else if (kind === "appeal") await appeal(phone, tab);
      else if (kind === "consent") await consent(phone, tab);
      else if (kind === "together") await openTogether(phone, tab, MEDIATORS[this.number] ?? null);
      else if (kind === "withdraw") await withdraw(phone, tab);
      else if (kind === "discard") await discard(phone, tab);
      else await followUp(phone, tab);
    }
    if (!tab.life.dead) void tab.loop.wake();
  }

  /** The connection is back, mostly where the app is closed: the browser wakes its worker. */
  private async background(tab: Tab): Promise<void> {
    const { phone, dice, weather } = this;
    if (!weather.strikes("worker_woken", 1, dice)) return;
    if (dice.happens(0.3)) {
      void tab.loop.wake();
      return inBackground(phone);
    }
    phone.killAll();
    if (weather.strikes("locked_profile", 0.1, dice)) await locked(phone, () => inBackground(phone));
    else await inBackground(phone);
  }

  private async carry(tab: Tab): Promise<void> {
    const { account, db, life } = tab;
    const { couriers, carriers, gsms, hostile } = this.others;
    const way = this.dice.weighed({ bag: 4, file: 3, sms: 5, hostile: 1 });
    if (way === "hostile") return hostile.meddle(account);
    if (way === "sms") return gsms[this.number]?.send(tab);
    if (way === "file") {
      const courier = this.dice.pick(couriers);
      await courier.takeFrom(tab);
      return courier.bring();
    }
    if ((await life.orDeath(letGo(db, null))) === "died") return;
    const operations = await operationsOf(account);
    const carrier = this.dice.pick(carriers);
    const some = this.dice.shuffled(operations).slice(0, 10);
    carrier.take(some.map(({ envelope }) => envelope));
    await carrier.bring();
  }

  /** The first phones are mediators'. */
  private async mediate(tab: Tab): Promise<void> {
    const { phone, dice, ground, weather } = this;
    const { account } = tab;
    // While nobody is logged in: where the answer to another's login is lost, the screens would go on as the first one's.
    if (account.mediator === null) account.beside = dice.happens(0.5) && !!ground.beside[this.number];
    const session = (account.beside ? ground.beside : ground.mediators)[this.number];
    if (!session || account.revoked || account !== phone.accounts[0]) return;
    if (account.mediator === null) return logIn(tab, ground, session);
    if (!account.beside && MEDIATORS[this.number]?.comes && weather.threatens("office_joined", 0.6, dice))
      return move(phone, this.number, ground);
    if (weather.strikes("given_back_scope", 0.1, dice)) return logOut(phone, tab, ground);
    if (weather.strikes("expired_scope", 0.1, dice)) {
      await ground.office.ask({ do: "expire", profile: account.tokens.readHash });
      account.expired = true;
      account.login = "over";
    } else if (weather.strikes("ended_login", 0.15, dice)) {
      phone.world.ended = true;
      const { name, beside = name } = MEDIATORS[this.number] ?? {};
      await ground.office.ask({ do: "end_logins", name: account.beside ? beside : name });
      account.expired = true;
      account.login = "over";
    } else if (account.expired) return logIn(tab, ground, session);
  }

  private async trouble(tab: Tab): Promise<void> {
    const { phone, dice, weather, ground } = this;
    const kind = dice.weighed({ tab: 4, close: 3, power: 3, full: 3, clock: 3, people: 1, evict: 0.5, revoke: 1 });
    if (kind === "tab" && phone.tabs.length < 2 && weather.strikes("second_tab", 1, dice)) {
      const both = [tab, await phone.open(phone.accounts.indexOf(tab.account))];
      await Promise.all(both.map((one) => this.say(one)));
    } else if (kind === "close") phone.killAll();
    else if (kind === "power" && weather.threatens("power_cut", 1, dice)) await phone.powerCut();
    else if (kind === "full") phone.disk.full = !phone.disk.full && weather.strikes("disk_full", 1, dice);
    else if (kind === "clock" && weather.threatens("wrong_clock", 1, dice)) {
      phone.clock.skew = dice.pick([0, 0, -30, -3, 1, 3, 20]) * YEAR_MS;
      if (phone.clock.skew !== 0) weather.count("wrong_clock");
    } else if (kind === "people" && phone.accounts.length < 2) await phone.second();
    else if (kind === "evict" && weather.strikes("evicted", 1, dice)) await phone.evict();
    else if (kind === "revoke" && this.number > 3 && weather.threatens("revoked_profile", 1, dice)) {
      const { account } = tab;
      const answered = (await operationsOf(account)).filter(isAnswered).map(({ opId }) => opId);
      const profile = account.tokens.readHash;
      const { count } = await ground.office.ask<{ count: number }>({ do: "revoke", profile });
      account.revoked = count > 0;
      if (count > 0) {
        account.answered = new Set([...account.answered, ...answered]);
        weather.count("revoked_profile");
      }
    }
  }
}
