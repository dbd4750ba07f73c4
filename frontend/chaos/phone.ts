/** A phone: its disk, its profiles, its tabs. What runs on it is the app's own code. */
import { openDB } from "idb";
import type { Change, KeptMedium, Outgoing, Profile, Reference } from "../src/model";
import { uuid7 } from "../src/model/uuid7";
import { netAt } from "../src/net/asking";
import { type Opened, openedOf } from "../src/store/keys";
import { type Database, openProfile, ownProfile } from "../src/store/opening";
import { askAgain, storageOf } from "../src/store/syncing";
import { Loop, type LoopState } from "../src/sync/loop";
import type { Locks, Net, Parts, Request } from "../src/sync/ports";
import type { Browser } from "./browser";
import { PhoneClock } from "./clock";
import type { Dice } from "./dice";
import { Disk, mortal } from "./disk";
import { Life, never } from "./life";
import type { Time } from "./moving";
import { networkOf, type Poison } from "./network";
import { type Doubtful, demand, type Promises } from "./promises";
import type { Weather } from "./weather";

/** A person's space on the phone, with the database behind the tabs' backs. */
export interface Account extends Opened {
  profile: Profile;
  raw: Database;
  doubtful: Doubtful[];
  /** Of reports that were being thrown away: what was said of each, and why it might be. */
  discarding: Discarding[];
  /** The session token with which this profile has logged in as a mediator. */
  mediator: string | null;
  /** It is, or was last, not the phone's first mediator who did. */
  beside: boolean;
  /** What the server knows of that: it may have heard more than this phone has heard back. */
  login: "never" | "given" | "over";
  revoked: boolean;
  /** What the server had answered for when it was revoked: that stands. */
  answered: Set<string>;
  expired: boolean;
}

export interface Discarding {
  said: string[];
  why: "never" | "refused";
}

export interface Tab {
  life: Life;
  account: Account;
  db: Database;
  loop: Loop;
  parts: Parts;
  /** How the last round ended. */
  outcome: string | null;
}

export interface World {
  origin: string;
  weather: Weather;
  poison: Poison;
  promises: Promises;
  /** Copies of what was taken back, which carriers bring when everybody else is done. */
  late: Uint8Array[];
  /** Media under whose id somebody announced other bytes: the author's are taken once the report is there. */
  occupied: Set<string>;
  /** Whether the server was put back to an earlier state: then it lost what no phone has any more. */
  restored: boolean;
  /** Whether logins were ended by an operator: what is said on such a phone waits for the mediator to log in there again. */
  ended: boolean;
  /** Whether a group of mediators was switched off: nobody made keys for it or asked to open anything meanwhile. */
  switched: boolean;
  /** Profiles whose mediator came to another office, or left one: what they say of a case about it, or of one that they had there, is not theirs to say. */
  moved: Set<string>;
  /** Places, categories and the key to seal to, as the server gives them now. */
  reference: Reference;
  /** Keys that a restore lost: nobody can open what is sealed to them. */
  lostKeys: Set<string>;
}

/** How long bytes stay that the server has; an exchange that was on its way when it checked them may have been some minutes old. */
const A_DAY_MS = 23 * 3_600_000;

/** As the app keeps it of a medium that the server has just checked, until it says what time it is. */
const NOT_KNOWN_YET = Number.MAX_SAFE_INTEGER;

export const BEGINNING = Date.UTC(2026, 10, 23);

export class Phone {
  readonly clock: PhoneClock;
  readonly disk = new Disk();
  accounts: Account[] = [];
  tabs: Tab[] = [];
  /** All cases of which this phone was ever told anything, that they are gone too. */
  readonly times: Time[] = [{ besides: null, readable: new Set(), cases: new Map() }];
  private readonly checked = new Map<string, number>();
  private held = new Map<string, Life>();
  /** Of its worker, while that is at it. */
  private workers = new Set<Life>();

  constructor(
    readonly world: World,
    readonly dice: Dice,
  ) {
    this.clock = new PhoneClock(BEGINNING + dice.whole(0, 86_400_000));
  }

  /** Opens the app for one of the phone's people; the first one is made here. */
  async open(which = 0, locked = false): Promise<Tab> {
    if (this.accounts.length === 0) this.accounts.push(await this.first());
    const account = this.accounts[which % this.accounts.length] as Account;
    // Now and then the app asks for it anew; until then it seals to the key that it has.
    if (this.dice.happens(0.5)) await account.raw.put("facts", this.world.reference, "reference");
    const life = new Life();
    const { seen, clock, net, locks, chance } = this.browser(life);
    const db = seen(await this.reach(account.profile.id));
    const parts: Parts = {
      clock,
      net,
      storage: storageOf(db, locked ? null : account.vault),
      chance,
      locks,
      bearer: locked ? null : account.tokens.read,
      profileId: account.profile.id,
    };
    const changed = (_: LoopState, outcome: string | null) => {
      tab.outcome = outcome;
    };
    const loop = new Loop(parts, { changed, pollMs: () => 20_000 });
    const tab: Tab = { life, account, db, loop, parts, outcome: null };
    this.tabs.push(tab);
    // As the app does once it is unlocked.
    if (!locked) await life.orDeath(askAgain(db).catch(() => undefined));
    return tab;
  }

  /**
   * Hears whatever the server says to this phone, also what is lost on the way: the server cannot know that. It counts for the time in which
   * it was asked.
   */
  private listening(net: Net): Net {
    const ask = async (request: Request) => {
      const told = this.times.at(-1)?.cases;
      const answered = await net.ask(request);
      if (request.path !== "/api/v1/sync" || answered.status !== 200) return answered;
      const body = answered.json();
      const heard = (said: unknown) => {
        for (const { entity, id, data } of (said as { changes: Change[] }).changes)
          if (entity === "case") told?.set(id, data !== null || told.get(id) === true);
      };
      body.then(heard, () => undefined);
      return { ...answered, json: () => body };
    };
    return { ...net, ask };
  }

  /** What a page or a worker finds around it while it lives. */
  browser(life: Life): Browser {
    const { weather, poison, origin } = this.world;
    const { disk, clock } = this;
    const dice = this.dice.fork();
    const kill = () => this.kill(life);
    return {
      disk: disk.factory,
      seen: (db) => mortal(db, { life, disk, dice, weather, kill, noted: this.noted }),
      clock: clock.of(life),
      net: networkOf({ weather, poison, dice, clock, life, kill, origin }, this.listening(netAt(origin))),
      locks: this.locks(life),
      chance: dice.next,
    };
  }

  /** When the server had checked a medium, by the clock that its replies go by. */
  private readonly noted = (store: string, value: unknown) => {
    const { id, state, receivedAt } = value as KeptMedium;
    if (store === "media" && state === "received" && receivedAt === NOT_KNOWN_YET)
      this.checked.set(id, this.clock.right());
  };

  /** A second person on the same phone. */
  async second(): Promise<void> {
    const registry = await this.inside(() => openDB("aryk", 1));
    const profile = { id: uuid7(this.clock.now()), createdAt: this.clock.now() + 1 };
    await registry.put("profiles", profile);
    registry.close();
    this.accounts.push(await this.account(profile));
  }

  /** The browser wakes the worker. */
  work(): Life {
    const life = new Life();
    this.workers.add(life);
    return life;
  }

  /** One tab or worker is gone, with whatever it was about to do. */
  kill(life: Life): void {
    life.die();
    this.tabs = this.tabs.filter((tab) => tab.life !== life);
    this.workers.delete(life);
    for (const [name, holder] of this.held) if (holder === life) this.held.delete(name);
  }

  killAll(): void {
    for (const life of [...this.tabs.map((tab) => tab.life), ...this.workers]) this.kill(life);
  }

  /** The battery is out: everything dies, and the last commits may not have reached the disk. */
  async powerCut(): Promise<void> {
    this.killAll();
    const { atRisk } = this.disk;
    const lost = this.dice.whole(Math.min(1, atRisk), atRisk);
    if (lost > 0) this.world.weather.count("power_cut");
    await this.disk.lose(lost, (name) => this.reach(name.replace("aryk-", "")));
    for (const account of this.accounts) await this.nothingIsMissing(account);
  }

  /** The browser throws everything away. What the server has not acknowledged by then is nobody's promise any more. */
  async evict(): Promise<void> {
    this.killAll();
    for (const account of this.accounts) {
      await this.settleDoubts(account);
      for (const { opId, state } of await operationsOf(account)) {
        // A server that was restored may have lost what it had answered for, or lose it once this phone has.
        const answered = (state === "done" || state === "attention") && !this.world.restored;
        // What a revoked profile says is kept aside, and an eviction took the phone on which it would have stayed.
        if (!answered || account.revoked) this.world.promises.excused.add(opId);
      }
      for (const { id, state } of await account.raw.getAll("media")) {
        if (state !== "received" || this.world.restored) this.world.promises.lostMedia.add(id);
      }
      this.world.promises.loseTakenBack(account.tokens.readHash);
      account.raw.close();
    }
    this.disk.renew();
    this.accounts = [];
  }

  /** After a death in the middle of saving: what is in the database was saved after all. */
  async settleDoubts(account: Account): Promise<void> {
    for (const one of account.discarding.splice(0)) await this.discarded(account, one);
    const doubts = account.doubtful.splice(0);
    if (doubts.length === 0) return;
    const operations = await this.unknown(account);
    for (const doubt of doubts) await this.found(account, doubt, operations);
  }

  /** Notes what is gone of it from the database. */
  async discarded({ raw }: Account, { said, why }: Discarding): Promise<void> {
    const here = new Set(await raw.getAllKeys("operations"));
    for (const opId of said) if (!here.has(opId)) this.world.promises.discarded.set(opId, why);
  }

  /** Operations that no promise speaks of yet. */
  async unknown({ raw }: Account): Promise<Outgoing[]> {
    const ids = (await raw.getAllKeys("operations")).filter((opId) => !this.world.promises.knows(opId));
    const found = await Promise.all(ids.map((opId) => raw.get("operations", opId)));
    return found.filter((one) => one !== undefined).sort((one, other) => one.seq - other.seq);
  }

  /** Notes what was just saved as promised; false when the database does not hold it. Another tab may have said more of the same kind. */
  async found({ vault }: Account, said: Doubtful, operations: Outgoing[]): Promise<boolean> {
    const { promises } = this.world;
    const body = JSON.stringify(said.body);
    for (const kept of operations) {
      if (kept.entityId !== said.entityId || kept.type !== said.type || promises.knows(kept.opId)) continue;
      const content = kept.opened && (await vault.open<string>(kept.opened));
      // Once it is acknowledged the phone keeps no copy of it.
      if (content !== null && !content.includes(body)) continue;
      promises.add({ ...said, opId: kept.opId, seq: kept.seq, envelope: kept.envelope });
      return true;
    }
    return false;
  }

  /** Whatever happened to the phone but an eviction: what it said is saved is there. */
  async nothingIsMissing(account: Account): Promise<void> {
    await this.settleDoubts(account);
    const here = new Set(await account.raw.getAllKeys("operations"));
    const { promises } = this.world;
    const held = new Set(await account.raw.getAllKeys("mediaBytes"));
    const received = new Set((await account.raw.getAllFromIndex("media", "state", "received")).map(({ id }) => id));
    const aDayAgo = this.clock.right() - A_DAY_MS;
    const old = (id: string) => received.has(id) && (this.checked.get(id) ?? Number.POSITIVE_INFINITY) < aDayAgo;
    for (const { opId, readHash, type, entityId, media } of promises.kept) {
      if (readHash !== account.tokens.readHash || promises.excused.has(opId)) continue;
      const gone = !here.has(opId) && !promises.erased({ opId, type, entityId });
      demand(!gone, () => `${type} ${opId} was saved and is gone from the phone`);
      const lost = media.find(({ id }) => !held.has(id) && !old(id));
      demand(
        !lost || promises.erased({ opId, type, entityId }),
        () => `medium ${lost?.id} of ${opId} is gone from the phone`,
      );
    }
  }

  private async first(): Promise<Account> {
    return this.account(await this.inside(() => ownProfile(this.clock.now())));
  }

  private async account(profile: Profile): Promise<Account> {
    const raw = await this.reach(profile.id);
    await raw.put("facts", this.world.reference, "reference");
    const fresh = {
      doubtful: [],
      discarding: [],
      mediator: null,
      beside: false,
      login: "never" as Account["login"],
      revoked: false,
      answered: new Set<string>(),
      expired: false,
    };
    const opened = await this.inside(() => openedOf(raw));
    if (!opened) throw new Error("A new profile has no lock.");
    return { profile, ...opened, raw, ...fresh };
  }

  private reach(id: string): Promise<Database> {
    return this.inside(() => openProfile(id));
  }

  /** idb asks for the global factory at once when called, so each phone can have its own. */
  private inside<Value>(open: () => Promise<Value>): Promise<Value> {
    globalThis.indexedDB = this.disk.factory;
    return open();
  }

  private locks(life: Life): Locks {
    return {
      alone: async (name, run) => {
        if (life.dead) return never();
        if (this.held.has(name)) return undefined;
        this.held.set(name, life);
        try {
          return await run();
        } finally {
          if (this.held.get(name) === life) this.held.delete(name);
        }
      },
    };
  }
}

export function operationsOf({ raw }: Account): Promise<Outgoing[]> {
  return raw.getAllFromIndex("operations", "seq");
}
