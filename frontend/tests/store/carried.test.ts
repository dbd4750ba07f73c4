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
let db: CarriedDatabase;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  db = await openCarried();
});

/** A server as a carrier meets it: says of each envelope what `say` says. */
class Server implements Net {
  requests: Request[] = [];
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
    const body = { proto: 1, server_time_ms: 1, cursor: null, more: false, results, changes: [] };
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
    await take(db, { envelopes: [letter(1), letter(2)], media: [] }, 1);
    await take(db, { envelopes: [letter(2), letter(3)], media: [] }, 2);
    expect(await carrying(db)).toEqual({ envelopes: 3, media: 0, forwarded: 0 });
  });

  it("is sent without a bearer and leaves once the server has accepted it", async () => {
    await take(db, { envelopes: [letter(1), letter(2)], media: [] }, 1);
    const server = new Server(() => "accepted");
    expect(await round(parts(server), new Link())).toEqual({ outcome: "done" });
    expect(server.requests.every(({ headers }) => !("Authorization" in headers))).toBe(true);
    expect(await carrying(db)).toEqual({ envelopes: 0, media: 0, forwarded: 2 });
  });

  it("stays while the server says try again, and is tried at a later time", async () => {
    await take(db, { envelopes: [letter(1)], media: [] }, 1);
    await round(parts(new Server(() => "try_again")), new Link());
    expect((await carrying(db)).envelopes).toBe(1);
    expect(await carriedStorage(db).due(1000)).toEqual([]);
    await round(parts(new Server(() => "accepted"), 10_000_000), new Link());
    expect(await carrying(db)).toEqual({ envelopes: 0, media: 0, forwarded: 1 });
  });

  it("stays when the server does not answer for it", async () => {
    const kept = await sha256(letter(1));
    await take(db, { envelopes: [letter(1), letter(2)], media: [] }, 1);
    await round(parts(new Server((digest) => (digest === kept ? null : "accepted"))), new Link());
    expect((await carriedLoad(db)).envelopes).toEqual([letter(1)]);
  });

  it("is refused whole over the room there is, and what was there stays", async () => {
    await take(db, { envelopes: [letter(1)], media: [] }, 1);
    const bytes = new ArrayBuffer(61_000_000);
    const medium = { id: "a", sha256: "b", mime: "image/jpeg", bytes };
    await expect(take(db, { envelopes: [letter(2)], media: [medium] }, 2)).rejects.toThrow();
    expect(await carrying(db)).toEqual({ envelopes: 1, media: 0, forwarded: 0 });
  });

  it("leaves after two months in which nobody took it", async () => {
    await take(db, { envelopes: [letter(1)], media: [] }, 0);
    await take(db, { envelopes: [letter(2)], media: [] }, 50 * 24 * 3_600_000);
    await dropOld(db, 61 * 24 * 3_600_000);
    expect((await carriedLoad(db)).envelopes).toEqual([letter(2)]);
  });
});
