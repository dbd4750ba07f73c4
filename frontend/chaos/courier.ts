/** An honest carrier: takes `.aryk` files in and sends what is in them, with the app's own code. */
import { IDBFactory } from "fake-indexeddb";
import { hex } from "../src/model/bytes";
import { Collection, framesOf } from "../src/model/frames";
import { BadFile, pack, parted, unpack } from "../src/model/handed";
import { CARRIED, type CarriedDatabase, carriedStorage, openCarried, take } from "../src/store/carried";
import { leaving, waitingLoad } from "../src/store/handing";
import type { Locks } from "../src/sync/ports";
import { Link, round } from "../src/sync/rounds";
import type { PhoneClock } from "./clock";
import type { Dice } from "./dice";
import { Life } from "./life";
import { networkOf } from "./network";
import { handed, type Tab, type World } from "./phone";
import { demand } from "./promises";

export class Courier {
  private readonly factory = new IDBFactory();
  private opened: Promise<CarriedDatabase> | null = null;
  private link = new Link();
  private sending = false;

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
    private readonly clock: PhoneClock,
  ) {}

  /** What waits on somebody's phone, of one report or all, goes over as a file; a damaged one is refused whole. */
  async takeFrom({ account, db, life }: Tab): Promise<void> {
    const { dice, world } = this;
    const reports = await account.raw.getAllKeys("reports");
    const which = reports.length > 0 && dice.happens(0.3) ? dice.pick(reports) : null;
    const load = await waitingLoad(account.raw, which);
    if ((await life.orDeath(handed(world, account, () => leaving(db, which)))) === "died") return;
    const shown = which !== null && load.media.length === 0 && world.weather.strikes("shown_as_codes", 0.5, dice);
    for (const part of parted(load)) {
      if (!shown && !world.weather.strikes("handed_over", 1, dice)) return;
      const packed = await pack(part);
      const file = shown ? readOff(packed, dice) : packed;
      if (world.weather.strikes("file_damaged", 0.1, dice)) await refused(damaged(file, dice));
      await take(await this.db(), await unpack(file));
    }
  }

  /** One round of the app's own sending, under the same weather as everybody's; a tab that dies over it leaves the store. */
  async bring(): Promise<void> {
    const { world, dice, clock } = this;
    const life = new Life();
    const kill = () => life.die();
    const { origin, weather, poison } = world;
    const net = networkOf({ origin, weather, poison, dice, clock, life, kill });
    const storage = carriedStorage(await this.db());
    const outside = { clock: clock.of(life), chance: dice.next, locks: this.locks(), bearer: null };
    await life.orDeath(round({ ...outside, net, storage, profileId: CARRIED }, this.link));
    if (life.dead) [this.sending, this.link] = [false, new Link()];
    clock.pass(300_000);
  }

  private locks(): Locks {
    return {
      alone: async (_, run) => {
        if (this.sending) return undefined;
        this.sending = true;
        try {
          return await run();
        } finally {
          this.sending = false;
        }
      },
    };
  }

  /** idb asks for the global factory at once when called. */
  private db(): Promise<CarriedDatabase> {
    if (this.opened === null) {
      globalThis.indexedDB = this.factory;
      this.opened = openCarried();
    }
    return this.opened;
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
