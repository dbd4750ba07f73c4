import { describe, expect, it } from "vitest";
import { Loop } from "../../src/sync/loop";
import type { Outcome } from "../../src/sync/rounds";
import { answer, phone, refusal, reply, type Server, silence, states } from "./phone";

async function loopOver(server: Server, pollMs: number | null = null) {
  const told = await phone(server);
  const timers: { wait: number; then: () => void }[] = [];
  const outcomes: (Outcome["outcome"] | null)[] = [];
  told.parts.clock.after = (wait, then) => {
    const timer = { wait, then };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  };
  const loop = new Loop(told.parts, { changed: (_, outcome) => outcomes.push(outcome), pollMs: () => pollMs });
  return { ...told, loop, timers, outcomes };
}

describe("the loop", () => {
  it("waits longer and longer for a server that is away, and never longer than five minutes", async () => {
    const { loop, timers } = await loopOver(() => silence("offline"), 20_000);
    const waits: number[] = [];
    for (let failures = 0; failures < 12; failures++) {
      await loop.wake();
      waits.push(timers[0]?.wait ?? -1);
    }
    expect(waits.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(Math.max(...waits)).toBe(150_000);
    expect(loop.state).toBe("offline");
  });

  it("tries all the same where the browser says that there is no network, and goes on trying", async () => {
    let there = false;
    const { loop, parts, timers, say, sent, db } = await loopOver((envelopes, { method }) =>
      !there ? silence("offline") : method === "HEAD" ? answer(200) : reply(envelopes),
    );
    parts.net.maybeOnline = () => false;
    await say();
    await loop.wake();
    timers[0]?.then();
    await loop.wake();
    expect([loop.state, timers.map(({ wait }) => wait), sent.length]).toEqual(["offline", [4_000], 0]);
    const [kept] = await db.getAll("operations");
    expect([kept?.state, kept?.left], "nothing has left").toEqual(["pending", false]);
    there = true;
    await loop.wake();
    expect([loop.state, await states(db)]).toEqual(["idle", { done: 1 }]);
  });

  it("comes no earlier than the server asked", async () => {
    const { loop, timers } = await loopOver(() => refusal(429, { "Retry-After": "120" }), 20_000);
    await loop.wake();
    expect(timers[0]?.wait).toBe(120_000);
  });

  it("tries no more of itself where nothing is to be said or asked for", async () => {
    const { loop, timers } = await loopOver(() => silence("offline"));
    await loop.wake();
    expect([loop.state, timers.length]).toEqual(["offline", 0]);
  });

  it("leaves it be when its time comes where what waited is gone by then", async () => {
    const { loop, timers, say, db, outcomes } = await loopOver(() => silence("offline"));
    await say();
    await loop.wake();
    for (const opId of await db.getAllKeys("operations")) await db.delete("operations", opId);
    const before = outcomes.length;
    timers[0]?.then();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([outcomes.slice(before), loop.state]).toEqual([[null], "idle"]);
  });

  it("says that it is being sent while another tab or the worker is at it, and looks again when that has ended", async () => {
    const { loop, parts, timers, say, db } = await loopOver((envelopes) => reply(envelopes));
    const { alone } = parts.locks;
    parts.locks.alone = async () => undefined;
    await say();
    await loop.wake();
    expect([loop.state, timers.map(({ wait }) => wait)]).toEqual(["sending", [3_000]]);
    // The other has sent it.
    for (const opId of await db.getAllKeys("operations")) await db.delete("operations", opId);
    timers[0]?.then();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(loop.state).toBe("idle");
    await say();
    await loop.wake();
    expect(loop.state).toBe("sending");
    parts.locks.alone = alone;
    timers.at(-1)?.then();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([loop.state, await states(db)]).toEqual(["idle", { done: 1 }]);
  });

  it("comes again where the storage could not be read", async () => {
    const { loop, timers, parts } = await loopOver(() => silence("offline"));
    parts.storage = { ...parts.storage, nextDue: () => Promise.reject(new Error("closed")) };
    await loop.wake();
    expect([loop.state, timers.length]).toEqual(["offline", 1]);
  });

  it("that is woken before goes on waiting, and no longer for it", async () => {
    const { loop, timers, sent, clock } = await loopOver(() => refusal(429, { "Retry-After": "120" }));
    await loop.wake();
    for (let woken = 1; woken < 100; woken++) await loop.wake();
    clock.ms += 20_000;
    await loop.wake();
    expect([sent.length, timers.length, timers[0]?.wait]).toEqual([1, 1, 100_000]);
  });

  it("pauses at 401 until somebody asks, and then tries again", async () => {
    let refused = true;
    const { loop, timers, say } = await loopOver((envelopes) => (refused ? refusal(401) : reply(envelopes)));
    await say();
    await loop.wake();
    expect([loop.state, timers.length]).toEqual(["paused", 0]);
    refused = false;
    await loop.wake();
    expect(loop.state).toBe("idle");
  });

  it("says that the app is too old, keeps what it has, and goes on once the server understands it again", async () => {
    let old = true;
    const problem = answer(400, { code: "unknown_proto" });
    const { loop, timers, say, db } = await loopOver((envelopes) => (old ? problem : reply(envelopes)));
    await say();
    await loop.wake();
    expect([loop.state, timers[0]?.wait]).toEqual(["outdated", 2_000]);
    expect(await states(db)).toEqual({ pending: 1 });
    old = false;
    await loop.wake();
    expect(loop.state).toBe("idle");
    expect(await states(db)).toEqual({ done: 1 });
  });

  it("comes for what was postponed at its time, and never in a hurry", async () => {
    const { loop, timers, say, db, clock } = await loopOver((envelopes) => reply(envelopes, "waiting"));
    await say();
    clock.ms += 50 * 365 * 86_400_000;
    await loop.wake();
    clock.ms -= 50 * 365 * 86_400_000;
    const [kept] = await db.getAll("operations");
    await db.put("operations", { ...(kept as NonNullable<typeof kept>), notBefore: clock.ms + 1e12, state: "done" });
    await say();
    const [, second] = await db.getAllFromIndex("operations", "seq");
    await db.put("operations", { ...(second as NonNullable<typeof second>), notBefore: clock.ms + 200_000 });
    await loop.wake();
    expect(timers[0]?.wait).toBe(200_000);
  });

  it("sends once more what was saved while a round was running", async () => {
    const told = await loopOver(async (envelopes) => {
      if (told.sent.length === 1) {
        await told.say();
        void told.loop.wake();
      }
      return reply(envelopes);
    });
    await told.say();
    await told.loop.wake();
    expect((await told.db.getAll("operations")).map(({ state }) => state)).toEqual(["done", "done"]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])("forgets no wake that comes %i turns after a round has ended", async (turns) => {
    const told = await loopOver((envelopes) => reply(envelopes));
    const first = told.loop.wake();
    await new Promise<void>((resolve) => {
      const { push } = told.outcomes;
      told.outcomes.push = (...given) => {
        if (given[0] === "done") resolve();
        return push.apply(told.outcomes, given);
      };
    });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    void told.loop.wake();
    await first;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.sent.length).toBe(2);
  });

  it("goes on when the storage fails", async () => {
    const { loop, parts, outcomes } = await loopOver((envelopes) => reply(envelopes));
    parts.storage.cursor = async () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    await loop.wake();
    expect(outcomes.at(-1)).toBe("later");
  });
});
