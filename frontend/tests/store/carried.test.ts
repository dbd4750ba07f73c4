import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/model/bytes";
import {
  type CarriedDatabase,
  carriedLoad,
  carriedStorage,
  carrying,
  dropOld,
  openCarried,
  take,
} from "../../src/store/carried";
import type { Answered, Net, Parts, Request } from "../../src/sync/ports";
import { NoAnswer } from "../../src/sync/ports";
import { Link, round } from "../../src/sync/rounds";

const letter = (byte: number) => Uint8Array.of(1, byte, byte);
const MEDIUM = { id: "m", sha256: "00", mime: "image/jpeg", bytes: new ArrayBuffer(3) };
let db: CarriedDatabase;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  db = await openCarried();
});

/** A server as a carrier meets it: says of each envelope what `say` says. */
class Server implements Net {
  requests: Request[] = [];
  now = 1;
  constructor(readonly say: (digest: string) => string | null) {}
  maybeOnline = () => true;
  async ask(request: Request): Promise<Answered> {
    this.requests.push(request);
    if (!request.path.endsWith("/sync")) throw new NoAnswer("offline");
    const { envelopes } = JSON.parse(request.body as string) as { envelopes: string[] };
    const digests = await Promise.all(envelopes.map((text) => sha256(new Uint8Array(Buffer.from(text, "base64url")))));
    const results = digests.flatMap((digest) => {
      const status = this.say(digest);
      return status ? [{ digest, status }] : [];
    });
    const body = { proto: 1, server_time_ms: this.now, cursor: null, more: false, results, changes: [] };
    return { status: 200, header: () => null, json: async () => body };
  }
}

const parts = (net: Net, now = 1000): Parts => ({
  clock: { now: () => now, after: () => () => undefined },
  net,
  storage: carriedStorage(db),
  chance: () => 1,
  locks: { alone: (_name, run) => run() },
  bearer: null,
  profileId: "carried",
});

describe("what is carried for others", () => {
  it("is taken once, however often it is handed over", async () => {
    await take(db, { envelopes: [letter(1), letter(2)], media: [] });
    await take(db, { envelopes: [letter(2), letter(3)], media: [] });
    expect(await carrying(db)).toEqual({ envelopes: 3, media: 0, forwarded: 0 });
  });

  it("is sent without a bearer and leaves once the server has accepted it", async () => {
    await take(db, { envelopes: [letter(1), letter(2)], media: [] });
    const server = new Server(() => "accepted");
    expect(await round(parts(server), new Link())).toEqual({ outcome: "done" });
    expect(server.requests.every(({ headers }) => !("Authorization" in headers))).toBe(true);
    expect(await carrying(db)).toEqual({ envelopes: 0, media: 0, forwarded: 2 });
  });

  it("stays while the server says try again, and is tried at a later time", async () => {
    await take(db, { envelopes: [letter(1)], media: [] });
    await round(parts(new Server(() => "try_again")), new Link());
    expect((await carrying(db)).envelopes).toBe(1);
    expect(await carriedStorage(db).due(1000)).toEqual([]);
    await round(parts(new Server(() => "accepted"), 10_000_000), new Link());
    expect(await carrying(db)).toEqual({ envelopes: 0, media: 0, forwarded: 1 });
  });

  it("stays when the server does not answer for it", async () => {
    const kept = await sha256(letter(1));
    await take(db, { envelopes: [letter(1), letter(2)], media: [] });
    await round(parts(new Server((digest) => (digest === kept ? null : "accepted"))), new Link());
    expect((await carriedLoad(db)).envelopes).toEqual([letter(1)]);
  });

  it("is refused whole over the room there is, and what was there stays", async () => {
    await take(db, { envelopes: [letter(1)], media: [] });
    const bytes = new ArrayBuffer(61_000_000);
    const medium = { id: "a", sha256: "b", mime: "image/jpeg", bytes };
    await expect(take(db, { envelopes: [letter(2)], media: [medium] })).rejects.toThrow();
    expect(await carrying(db)).toEqual({ envelopes: 1, media: 0, forwarded: 0 });
  });

  it("is read a few megabytes at a time, previews before what they are of, and the rest comes after", async () => {
    const sizes = [3_000_000, 2_500_000, 9_000, 1_500_000, 4_900_000];
    const media = sizes.map((size, at) => ({ ...MEDIUM, id: `m${at}`, bytes: new ArrayBuffer(size) }));
    await take(db, { envelopes: [], media });
    const storage = carriedStorage(db);
    const read = async () => (await storage.dueMedia(1)).map(({ size }) => size);
    expect(await read()).toEqual([9_000, 1_500_000, 2_500_000]);
    for (const { id } of await storage.dueMedia(1)) await storage.received(id);
    expect(await read()).toEqual([3_000_000]);
    await storage.received("m0");
    expect(await read()).toEqual([4_900_000]);
    expect(await storage.nextDue()).toBe(0);
    await storage.received("m4");
    expect(await storage.nextDue()).toBeNull();
  });

  it("leaves after two months in which the server was offered it and did not take it", async () => {
    const server = new Server(() => "try_again");
    const day = async (number: number) => {
      server.now = number * 24 * 3_600_000;
      await round(parts(server, server.now), new Link());
      await dropOld(db);
    };
    await take(db, { envelopes: [letter(1)], media: [] });
    await day(1);
    await take(db, { envelopes: [letter(2)], media: [] });
    await day(50);
    await day(62);
    expect((await carriedLoad(db)).envelopes).toEqual([letter(2)]);
  });

  it("stays however long nobody was there to take it, and whatever this phone's clock says", async () => {
    await take(db, { envelopes: [letter(1)], media: [MEDIUM] });
    await dropOld(db);
    const server = new Server(() => "try_again");
    server.now = 56 * 365 * 24 * 3_600_000;
    await round(parts(server, 0), new Link());
    await dropOld(db);
    expect(await carrying(db)).toEqual({ envelopes: 1, media: 1, forwarded: 0 });
  });

  it("is not held back for years by a clock that ran ahead and was set right", async () => {
    const ahead = 3 * 365 * 86_400_000;
    await take(db, { envelopes: [letter(1)], media: [MEDIUM] });
    await round(parts(new Server(() => "try_again"), ahead), new Link());
    await carriedStorage(db).postponed(MEDIUM.id, () => ahead);
    expect((await carriedStorage(db).due(1000)).length).toBe(1);
    expect((await carriedStorage(db).dueMedia(1000)).length).toBe(1);
  });

  it("goes and is handed on in the order in which its sender had it, also when it comes a second time", async () => {
    const letters = [7, 3, 9, 1, 5].map(letter);
    await take(db, { envelopes: letters.slice(1, 3), media: [] });
    await take(db, { envelopes: letters, media: [] });
    expect((await carriedLoad(db)).envelopes).toEqual(letters);
    expect((await carriedStorage(db).due(1000)).map(({ envelope }) => envelope)).toEqual(letters);
  });
});
