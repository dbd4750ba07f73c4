import { describe, expect, it } from "vitest";
import { storageOf } from "../../src/store/syncing";
import { Link, round } from "../../src/sync/rounds";
import { full as fullDisk } from "../store/full";
import { answer, PHOTO, poisoned, reply, said, silence, states } from "./phone";

const full = async () => Promise.reject(new DOMException("full", "QuotaExceededError"));

const attempting = async (ids: string[]) => ids;

it("sends what is saved from a disk too full to mark it as being sent", async () => {
  const { parts, sent, db, vault } = await said((envelopes) => reply(envelopes), 1);
  await round({ ...parts, storage: storageOf(fullDisk(db), vault) }, new Link());
  expect(sent.map((batch) => batch.length)).toEqual([1]);
});

describe("an answer that the disk is too full to keep", () => {
  it("holds up neither what is behind it nor the photos", async () => {
    const asked: string[] = [];
    const { parts, sent, db } = await said((envelopes, { path }) => {
      if (path === "/api/v1/sync") return reply(envelopes);
      asked.push(path);
      return silence("offline");
    }, 45);
    await db.add("media", PHOTO);
    await db.add("mediaBytes", new ArrayBuffer(3), PHOTO.id);
    const storage = { ...parts.storage, attempting, settle: full, unsent: full };
    expect(await round({ ...parts, storage }, new Link())).toEqual({ outcome: "later", waitMs: null });
    expect(sent.map((batch) => batch.length)).toEqual([20, 20, 5]);
    expect(new Set(sent.flat()).size).toBe(45);
    expect(asked).toEqual(["/api/v1/media"]);
    expect((await round(parts, new Link())).outcome).toBe("offline");
    expect(await states(db)).toEqual({ done: 45 });
  });

  it("is asked for after what was never sent, when the link breaks off each time", async () => {
    const { parts, sent } = await said((envelopes) => (sent.length % 2 ? reply(envelopes) : silence("offline")), 60);
    const link = new Link();
    const storage = { ...parts.storage, attempting, settle: full, unsent: full };
    for (let rounds = 0; rounds < 5; rounds++) await round({ ...parts, storage }, link);
    const arrived = sent.filter((_, at) => at % 2 === 0);
    expect(new Set(arrived.flat()).size).toBe(60);
  });

  it("of one alone does not keep the others from being noted", async () => {
    const { parts, db, clock } = await said((envelopes) => reply(envelopes), 3);
    const [first] = await db.getAllFromIndex("operations", "seq");
    const { settle } = parts.storage;
    parts.storage.settle = (one) => (one.results.some(({ digest }) => digest === first?.digest) ? full() : settle(one));
    const link = new Link();
    link.limit = { operations: 1, bytes: 16_384 };
    for (let rounds = 0; rounds < 3; rounds++, clock.ms += 300_000) await round(parts, link);
    expect((await states(db)).done).toBe(2);
  });

  it("over one on which the server falls leaves room for the others", async () => {
    const { parts, db, clock } = await said(
      poisoned(() => answer(500)),
      8,
    );
    parts.storage.unsent = full;
    const link = new Link();
    for (let rounds = 0; rounds < 4; rounds++, clock.ms += 300_000) await round(parts, link);
    expect((await states(db)).done).toBe(7);
  });
});
