/** An honest carrier: takes `.aryk` files in and sends what is in them, with the app's own code. */
import { hex } from "../src/model/bytes";
import { Collection, framesOf } from "../src/model/frames";
import { BadFile, type Load, pack, parted, unpack } from "../src/model/handed";
import { CARRIED, type CarriedDatabase, carriedStorage, openCarried, take } from "../src/store/carried";
import { letGo, waitingLoad } from "../src/store/handing";
import { Loop } from "../src/sync/loop";
import type { Locks } from "../src/sync/ports";
import type { PhoneClock } from "./clock";
import type { Dice } from "./dice";
import { Disk, mortal } from "./disk";
import { Life } from "./life";
import { networkOf } from "./network";
import type { Tab, World } from "./phone";
import { demand } from "./promises";

/** The app where it carries: its page may die in the middle of a file, and its disk be full. */
interface Page {
  life: Life;
  db: CarriedDatabase;
  loop: Loop;
}

export class Courier {
  private readonly disk = new Disk();
  private life: Life | null = null;
  private opened: Promise<Page> | null = null;
  private sending: Life | null = null;
  /** How often its disk was full: other phones hand things over at the same time. */
  private fulls = 0;

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
    private readonly clock: PhoneClock,
  ) {}

  /** What waits on somebody's phone, of one report or all, goes over as a file; a damaged one is refused whole. */
  async takeFrom({ account, db, life }: Tab): Promise<void> {
    const { dice, world } = this;
    const { weather } = world;
    const reports = await account.raw.getAllKeys("reports");
    const which = reports.length > 0 && dice.happens(0.3) ? dice.pick(reports) : null;
    if ((await life.orDeath(letGo(db, which))) === "died") return;
    const load = await waitingLoad(account.raw, which);
    const shown = which !== null && load.media.length === 0 && weather.strikes("shown_as_codes", 0.5, dice);
    for (const part of parted(load)) {
      if (!shown && !weather.strikes("handed_over", 1, dice)) return;
      const packed = await pack(part);
      const file = shown ? readOff(packed, dice) : packed;
      if (weather.strikes("file_damaged", 0.1, dice)) await refused(damaged(file, dice));
      await this.takeIn(await unpack(file));
    }
  }

  /** All of it or nothing, and nothing only for want of room. Whoever gave it has it still. */
  private async takeIn(load: Load): Promise<void> {
    const { disk, dice, world } = this;
    const { life, db } = await this.open();
    if (world.weather.strikes("carrier_full", 0.25, dice)) [disk.full, this.fulls] = [true, this.fulls + 1];
    const before = disk.full ? null : this.fulls;
    const failed = (await life.orDeath(take(db, load).catch(() => "failed"))) === "failed";
    demand(!failed || this.fulls !== before, () => "a carrier with room did not take a file");
  }

  /** The app's own sending, under the same weather as everybody's. */
  async bring(): Promise<void> {
    this.disk.full = false;
    const { life, loop } = await this.open();
    await life.orDeath(loop.wake());
    this.clock.pass(300_000);
  }

  private open(): Promise<Page> {
    if (this.opened === null || this.life?.dead) {
      const died = this.opened !== null;
      this.life = new Life();
      this.opened = this.anew(this.life, died);
    }
    return this.opened;
  }

  /** Some of what was not yet on the disk for certain may be gone with the page before. */
  private async anew(life: Life, died: boolean): Promise<Page> {
    const { world, dice, clock, disk } = this;
    const { origin, weather, poison } = world;
    if (died && weather.threatens("power_cut", 0.3, dice))
      await disk.lose(dice.whole(0, disk.atRisk), () => this.raw());
    const kill = () => life.die();
    const db = mortal(await this.raw(), { life, disk, dice, weather, kill });
    const net = networkOf({ origin, weather, poison, dice, clock, life, kill });
    const outside = { clock: clock.of(life), chance: dice.next, locks: this.locks(life), bearer: null };
    const parts = { ...outside, net, storage: carriedStorage(db), profileId: CARRIED };
    return { life, db, loop: new Loop(parts, { changed: () => undefined, pollMs: () => null }) };
  }

  private locks(life: Life): Locks {
    return {
      alone: async (_, run) => {
        if (this.sending && !this.sending.dead) return undefined;
        this.sending = life;
        try {
          return await run();
        } finally {
          if (this.sending === life) this.sending = null;
        }
      },
    };
  }

  /** idb asks for the global factory at once when called. */
  private raw(): Promise<CarriedDatabase> {
    globalThis.indexedDB = this.disk.factory;
    return openCarried();
  }
}

/** As a camera reads it off a screen: from any frame on, one misread at first, and some twice. */
function readOff(file: Uint8Array<ArrayBuffer>, dice: Dice): Uint8Array<ArrayBuffer> {
  const frames = dice.shuffled(framesOf(file));
  const [first = "", ...others] = frames;
  const reading = new Collection();
  reading.add(first.slice(0, -1) + dice.pick([..."09AZ $%"]));
  for (const frame of [...others, ...others.slice(0, 2)]) reading.add(frame);
  reading.add(first);
  const read = reading.file;
  demand(read !== null && hex(read) === hex(file), () => `${frames.length} frames were read as another file`);
  return read;
}

function damaged(file: Uint8Array<ArrayBuffer>, dice: Dice): Uint8Array<ArrayBuffer> {
  if (dice.happens(0.5)) return file.slice(0, dice.whole(0, file.length - 1));
  const copy = file.slice();
  const at = dice.whole(0, copy.length - 1);
  copy[at] = (copy[at] ?? 0) ^ dice.whole(1, 255);
  return copy;
}

async function refused(file: Uint8Array<ArrayBuffer>): Promise<void> {
  const outcome = await unpack(file).catch((trouble: unknown) => trouble);
  demand(outcome instanceof BadFile, () => `a damaged file was taken in: ${String(outcome)}`);
}
