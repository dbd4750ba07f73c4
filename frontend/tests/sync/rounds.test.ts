import { describe, expect, it } from "vitest";
import type { Outgoing, Said } from "../../src/model";
import { base64url } from "../../src/model/bytes";
import { hurry } from "../../src/store/deleting";
import type { Database } from "../../src/store/opening";
import { keep } from "../../src/store/saving";
import { Link, round } from "../../src/sync/rounds";
import { reported } from "../store/opened";
import {
  answer,
  digestOf,
  NOW,
  PHOTO,
  phone,
  poisoned,
  refusal,
  reply,
  type Server,
  said,
  silence,
  states,
} from "./phone";

describe("a round", () => {
  it("sends everything that is due in batches of at most twenty", async () => {
    const { parts, sent, db } = await said((envelopes) => reply(envelopes), 45);
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
    expect(sent.map((batch) => batch.length)).toEqual([20, 20, 5]);
    expect(await states(db)).toEqual({ done: 45 });
  });

  it("sends no more than 16 kB at once, and what is larger alone", async () => {
    const { parts, sent, db, vault, tokens } = await phone((envelopes) => reply(envelopes));
    // What cannot be made smaller.
    const words = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64");
    for (const bytes of [3_000, 3_000, 3_000, 3_000, 3_000, 15_000, 3_000, 3_000]) {
      const body = { text: words(bytes), language: "ky" } as const;
      const entityId = await reported(db, vault);
      await keep(db, vault, { said: { type: "report.reply", body }, entityId, now: NOW, tokens });
    }
    expect((await round(parts, new Link())).outcome).toBe("done");
    expect(sent.map((batch) => batch.length)).toEqual([3, 2, 1, 2]);
    for (const batch of sent.filter(({ length }) => length > 1)) expect(batch.join().length).toBeLessThan(16_384);
  });

  it("halves a batch that is too large until it fits", async () => {
    const server: Server = (envelopes) => (envelopes.length > 3 ? answer(413) : reply(envelopes));
    const { parts, sent, db } = await said(server, 20);
    expect((await round(parts, new Link())).outcome).toBe("done");
    expect(sent.slice(0, 4).map((batch) => batch.length)).toEqual([20, 10, 5, 2]);
    expect(await states(db)).toEqual({ done: 20 });
  });

  it("halves a batch that takes too long", async () => {
    const { parts, sent, db } = await said(
      (envelopes) => (envelopes.length > 5 ? silence("timeout") : reply(envelopes)),
      20,
    );
    expect((await round(parts, new Link())).outcome).toBe("done");
    expect(sent[1]).toHaveLength(10);
    expect(await states(db)).toEqual({ done: 20 });
  });

  it("does not send what is deleted in the moment before", async () => {
    const { parts, sent, db } = await said((envelopes) => reply(envelopes), 3);
    const { due } = parts.storage;
    parts.storage.due = async (now) => {
      const found = await due(now);
      await db.delete("operations", found[1]?.opId ?? "");
      return found;
    };
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
    expect(sent[0]).toHaveLength(2);
    expect(await states(db)).toEqual({ done: 2 });
  });

  it("takes what the reply does not name as unacknowledged", async () => {
    const { parts, db } = await said((envelopes) => reply(envelopes.slice(1)), 3);
    await round(parts, new Link());
    expect(await states(db)).toEqual({ done: 2, pending: 1 });
  });

  it("takes nothing as acknowledged that names bytes it did not send", async () => {
    const digest = "00".repeat(32);
    const { parts, db } = await said(() => reply([], "", { results: [{ digest, status: "applied" }] }), 2);
    await round(parts, new Link());
    expect(await states(db)).toEqual({ pending: 2 });
  });

  it("sends what waits for something else again later, and what is for a person no more", async () => {
    const status = ["waiting", "rejected", "try_again"];
    const server: Server = async (envelopes) =>
      reply([], "", {
        results: await Promise.all(
          envelopes.map(async (one, at) => ({ digest: await digestOf(one), status: status[at] })),
        ),
      });
    const { parts, db, clock, sent } = await said(server, 3);
    await round(parts, new Link());
    expect(await states(db)).toEqual({ pending: 2, attention: 1 });
    clock.ms += 600_000;
    await round(parts, new Link());
    expect(sent.at(-1)).toHaveLength(2);
  });

  it("asks again at once while there is more", async () => {
    let left = 3;
    const { parts, sent } = await said((envelopes) => reply(envelopes, "applied", { more: --left > 0 }), 1);
    await round(parts, new Link());
    expect(sent.map((batch) => batch.length)).toEqual([1, 0, 0]);
  });
});

describe("a refusal", () => {
  it.each([401, 403, 404, 413, 429, 500, 502, 503, 504])(
    "of %i deletes nothing and acknowledges nothing",
    async (status) => {
      const { parts, db } = await said(() => answer(status), 3);
      expect((await round(parts, new Link())).outcome).toBe(status === 401 ? "offline" : "later");
      expect(await states(db)).toEqual({ pending: 3 });
    },
  );

  it("of 429 says how long to wait", async () => {
    const { parts } = await said(() => refusal(429, { "Retry-After": "70" }), 1);
    expect(await round(parts, new Link())).toEqual({ outcome: "later", waitMs: 70_000 });
  });

  it.each([429, 503])("of %i by what stands before our server says nothing of when to come again", async (status) => {
    const { parts } = await said(() => answer(status, undefined, { "Retry-After": "3600" }), 1);
    expect(await round(parts, new Link())).toEqual({ outcome: "later", waitMs: null });
    expect(await parts.storage.quietUntil()).toBe(0);
  });

  it("of a bearer pauses, and puts off none of the operations", async () => {
    const { parts, db } = await said(() => refusal(401), 1);
    expect((await round(parts, new Link())).outcome).toBe("paused");
    expect((await db.getAll("operations"))[0]).toMatchObject({ state: "pending", attempts: 0, notBefore: 0 });
  });
});

describe("the order in which operations go out", () => {
  it("is that of saying them, but who may read goes before what there is to read", () => {
    const due = ["report.create", "report.reply", "report.audience"].map((type, seq) => ({
      type,
      seq,
      attempts: 0,
      envelope: [],
    }));
    const next = new Link().next([
      ...due,
      { type: "report.create", seq: 3, attempts: 1, envelope: [] },
    ] as unknown as Outgoing[]);
    expect(next.map(({ seq }) => seq)).toEqual([2, 0, 1, 3]);
  });
});

describe("a report whose readers were narrowed before it left", () => {
  /** One that is narrowed, and another; each request as the types it carried. */
  async function narrowed(answers: (types: string[], at: number) => ReturnType<Server>) {
    const types = new Map<string, string>();
    const asked: string[][] = [];
    const { parts, db, vault, tokens, clock } = await phone((envelopes) => {
      asked.push(envelopes.map((one) => types.get(one) ?? ""));
      return answers(asked.at(-1) ?? [], asked.length - 1);
    });
    const write = async (entityId: string, said: Said) => {
      await keep(db, vault, { said, entityId, now: clock.ms, tokens });
      for (const one of await db.getAll("operations")) types.set(base64url(one.envelope), one.type);
    };
    const [narrow, other] = [await reported(db, vault), await reported(db, vault)];
    // Its order on the phone, its readers and itself: what stands for the report is any word of it.
    await write(narrow, { type: "report.confirm", body: {} });
    await write(narrow, { type: "report.audience", body: { audience: "mediator" } });
    await write(other, { type: "report.dispute", body: { reason: "No." } });
    return { parts, db, clock, asked };
  }

  it.each([
    ["is not answered", () => silence("timeout")],
    ["meets a page that is not ours", () => answer(404)],
    ["meets a server that falls", () => answer(500)],
  ])("never leaves before the word that narrows it, where that %s", async (_, spoilt) => {
    const { parts, clock, asked, db } = await narrowed((types) =>
      types.includes("report.audience") ? spoilt() : reply([]),
    );
    const link = new Link();
    for (let rounds = 0; rounds < 12; rounds++, clock.ms += rounds < 6 ? 1_000 : 300_000) await round(parts, link);
    const alone = asked.filter((types) => types.includes("report.confirm") && !types.includes("report.audience"));
    expect(alone).toEqual([]);
    expect(asked.some((types) => types.join() === "report.dispute")).toBe(true);
    expect((await states(db)).pending).toBeGreaterThanOrEqual(2);
  });

  it.each([1, 20])(
    "leaves behind that word where the disk is too full to keep any answer, %i at a time",
    async (most) => {
      const { parts, clock, asked, db } = await narrowed(async (types) =>
        types.length > most ? answer(413) : reply([], "applied", { results: await resultsOf(db, types) }),
      );
      for (const { opId } of await db.getAllFromIndex("operations", "seq"))
        await parts.storage.unsent([opId], () => clock.ms + 200_000); // postponed before the disk was full
      const full = async () => Promise.reject(new Error("full"));
      const attempting = async (ids: string[]) => ids;
      Object.assign(parts.storage, { attempting, unsent: full, settle: full, keepQuiet: full });
      const link = new Link();
      for (let rounds = 0; rounds < 12; rounds++, clock.ms += 300_000) await round(parts, link);
      const order = asked.filter(({ length }) => length <= most).flat();
      expect(new Set(order)).toEqual(new Set(["report.audience", "report.confirm", "report.dispute"]));
      expect(order.indexOf("report.audience")).toBeLessThan(order.indexOf("report.confirm"));
    },
  );

  it.each([
    ["says nothing of it", false],
    ["will not have it now", true],
  ])("stays behind that word where the disk is too full to keep it and the server %s", async (_, says) => {
    const { parts, clock, asked, db } = await narrowed(async (types) => {
      if (types.length > 1) return answer(413);
      return reply([], "", { results: says ? await resultsOf(db, types, "try_again") : [] });
    });
    parts.storage.settle = async () => Promise.reject(new Error("full"));
    const link = new Link();
    for (let rounds = 0; rounds < 12; rounds++, clock.ms += 300_000) await round(parts, link);
    const order = asked.filter(({ length }) => length === 1).flat();
    expect(new Set(order)).toEqual(new Set(["report.audience", "report.dispute"]));
  });

  it("leaves once the server keeps that word for it", async () => {
    const status = (type: string) => (type === "report.audience" ? "waiting" : "applied");
    const { parts, clock, asked, db } = await narrowed(async (types) => {
      if (types.length > 1) return answer(413);
      const [type = ""] = types;
      return reply([], status(type), { results: await resultsFor(db, type, status(type)) });
    });
    const link = new Link();
    for (let rounds = 0; rounds < 6; rounds++, clock.ms += 1_000) await round(parts, link);
    const order = asked.filter(({ length }) => length === 1).flat();
    expect(order.indexOf("report.audience")).toBeLessThan(order.indexOf("report.confirm"));
    expect(order).toContain("report.confirm");
  });
});

async function resultsOf(db: Database, types: string[], status = "applied") {
  return (await Promise.all(types.map((type) => resultsFor(db, type, status)))).flat();
}

async function resultsFor(db: Database, type: string, status: string) {
  const all = await db.getAll("operations");
  return all.filter((one) => one.type === type).map(({ digest }) => ({ digest, status }));
}

describe("an answer with 200 that is not our server's", () => {
  it.each([
    ["a page", undefined],
    ["another JSON", { success: true }],
    ["a list", []],
    ["half of ours", { proto: 1, server_time_ms: NOW }],
    ["another protocol", { proto: 2, server_time_ms: NOW, cursor: null, results: [], changes: [], more: false }],
    ["a cursor of another kind", { proto: 1, server_time_ms: NOW, cursor: 7, results: [], changes: [] }],
  ])("(%s) acknowledges nothing and moves no cursor", async (_, body) => {
    const { parts, db } = await said(() => answer(200, body), 2);
    expect(await round(parts, new Link())).toEqual({ outcome: "offline" });
    expect(await states(db)).toEqual({ pending: 2 });
    expect(await parts.storage.cursor()).toBeNull();
  });
});

describe("one operation over which the server falls", () => {
  it.each([
    ["answers 500", () => answer(500)],
    ["is too large", () => answer(413)],
    ["never answers", () => silence("timeout")],
    ["breaks the connection", () => silence("offline")],
    ["dies behind its proxy", () => answer(502)],
  ])("holds up no other when the server %s", async (_, spoilt) => {
    const { parts, db, clock } = await said(poisoned(spoilt, 2), 12);
    const link = new Link();
    for (let rounds = 0; rounds < 12; rounds++, clock.ms += 300_000) await round(parts, link);
    expect(await states(db)).toEqual({ done: 11, pending: 1 });
  });

  it.each([
    ["never answers", () => silence("timeout")],
    ["dies behind its proxy", () => answer(502)],
  ])("nor the photo of another when the server %s", async (_, spoilt) => {
    const asked: string[] = [];
    const words = poisoned(spoilt, 0);
    const { parts, db, clock } = await said((envelopes, request) => {
      if (request.path === "/api/v1/sync") return words(envelopes, request);
      asked.push(request.method);
      return silence("offline");
    }, 1);
    await db.add("media", PHOTO);
    await db.add("mediaBytes", new ArrayBuffer(3), PHOTO.id);
    const link = new Link();
    for (let rounds = 0; rounds < 4; rounds++, clock.ms += 300_000) await round(parts, link);
    expect(asked).toContain("POST");
  });

  it("nor do two of them", async () => {
    const bad = new Set<string>();
    const server: Server = (envelopes) => {
      if (bad.size === 0) for (const at of [0, 7]) bad.add(envelopes[at] ?? "");
      return envelopes.some((one) => bad.has(one)) ? silence("timeout") : reply(envelopes);
    };
    const { parts, db, clock } = await said(server, 15);
    const link = new Link();
    for (let rounds = 0; rounds < 12; rounds++, clock.ms += 300_000) await round(parts, link);
    expect(await states(db)).toEqual({ done: 13, pending: 2 });
  });
});

describe("a clock that was set back by years", () => {
  it("does not put off for years what was postponed while it was ahead", async () => {
    let fails = true;
    const { parts, db, clock } = await said((envelopes) => (fails ? answer(500) : reply(envelopes)), 1);
    clock.ms += 3 * 365 * 86_400_000;
    await round(parts, new Link());
    clock.ms = NOW;
    fails = false;
    await round(parts, new Link());
    expect(await states(db)).toEqual({ done: 1 });
  });
});

describe("a crash between sending and the answer", () => {
  it("leaves a trace, and the same bytes go again", async () => {
    let hang = true;
    const { parts, db, sent } = await said((envelopes) => (hang ? new Promise(() => undefined) : reply(envelopes)), 1);
    void round(parts, new Link());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await states(db)).toEqual({ attempting: 1 });
    hang = false;
    await round(parts, new Link());
    expect(sent[1]).toEqual(sent[0]);
    expect(await states(db)).toEqual({ done: 1 });
  });
});

describe("two tabs", () => {
  it("send one at a time", async () => {
    let running = 0;
    let most = 0;
    const { parts } = await said(async (envelopes) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running--;
      return reply(envelopes);
    }, 3);
    const { locks } = await import("../../src/net/surroundings");
    const tabs = [round({ ...parts, locks }, new Link()), round({ ...parts, locks }, new Link())];
    const outcomes = (await Promise.all(tabs)).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(["busy", "done"]);
    expect(most).toBe(1);
  });
});

describe("a locked profile", () => {
  it("sends without a bearer and takes no changes", async () => {
    const change = { entity: "report", id: "x", version: 1, data: {} };
    const seen: unknown[] = [];
    const { parts, db } = await said((envelopes, { headers, body }) => {
      seen.push(headers.Authorization, JSON.parse(body as string).cursor);
      return reply(envelopes, "accepted", { changes: [change], cursor: null });
    }, 1);
    await db.put("facts", "where it stood", "cursor");
    await round({ ...parts, bearer: null }, new Link());
    expect(seen).toEqual([undefined, null]);
    expect(await states(db)).toEqual({ done: 1 });
    expect(await db.getAll("changes")).toEqual([]);
    expect(await db.get("facts", "cursor")).toBe("where it stood");
  });
});

describe("a server that says when to come again", () => {
  const busy = refusal(429, { "Retry-After": "70" });

  it("is asked by no tab and no worker before, whatever is saved meanwhile", async () => {
    const { parts, sent, say, clock } = await said((envelopes) => (sent.length > 1 ? reply(envelopes) : busy), 1);
    await round(parts, new Link());
    await say();
    clock.ms += 69_000;
    expect(await round({ ...parts, bearer: null }, new Link())).toEqual({ outcome: "quiet", waitMs: 1_000 });
    expect(sent).toHaveLength(1);
    clock.ms += 1_000;
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
  });

  it("is asked at once when a person wants to try now", async () => {
    const { parts, db, sent } = await said((envelopes) => (sent.length > 1 ? reply(envelopes) : busy), 1);
    await round(parts, new Link());
    await hurry(db, "of this report");
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
  });

  it("is not left alone for years over a clock that ran ahead", async () => {
    const { parts, sent, clock } = await said((envelopes) => (sent.length > 1 ? reply(envelopes) : busy), 1);
    clock.ms += 3 * 365 * 86_400_000;
    await round(parts, new Link());
    clock.ms = NOW;
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
  });

  it("of photos is asked for words all the same", async () => {
    const photos: string[] = [];
    const { parts, db, say, sent } = await said((envelopes, { path }) => {
      if (path === "/api/v1/sync") return reply(envelopes);
      photos.push(path);
      return busy;
    }, 1);
    await db.add("media", PHOTO);
    await db.add("mediaBytes", new ArrayBuffer(3), PHOTO.id);
    expect(await round(parts, new Link())).toEqual({ outcome: "later", waitMs: 70_000 });
    await say();
    expect(await round(parts, new Link())).toEqual({ outcome: "done" });
    expect([sent.length, photos.length]).toEqual([2, 1]);
    expect(await states(db)).toEqual({ done: 2 });
  });
});

describe("the cursor of a locked profile", () => {
  it.each(["of another", null])("does not leave the phone, and stays whatever is answered (%s)", async (cursor) => {
    const asked: unknown[] = [];
    const { parts, say } = await phone((envelopes, { body }) => {
      asked.push((JSON.parse(body as string) as { cursor: unknown }).cursor);
      return reply(envelopes, "accepted", asked.length === 1 ? { cursor: "own" } : { cursor });
    });
    await round(parts, new Link());
    await say();
    await round({ ...parts, bearer: null }, new Link());
    expect(asked).toEqual([null, null]);
    expect(await parts.storage.cursor()).toBe("own");
  });

  it("is not begun by what is answered to nobody", async () => {
    const { parts } = await said((envelopes) => reply(envelopes, "accepted", { cursor: "of another" }), 1);
    await round({ ...parts, bearer: null }, new Link());
    expect(await parts.storage.cursor()).toBeNull();
  });
});

describe("what always fails", () => {
  it("holds up nothing behind it, though one is always too large and another always left out", async () => {
    // Found by the simulator (seed 1001): the first kept the batch at one, and the second ended each round.
    let first: string[] | undefined;
    const server: Server = (envelopes) => {
      first ??= envelopes.slice(0, 2);
      if (envelopes.includes(first[0] ?? "")) return answer(413);
      return reply(envelopes.filter((one) => one !== first?.[1]));
    };
    const { parts, db, clock } = await said(server, 4);
    const link = new Link();
    for (let rounds = 0; rounds < 12; rounds++) {
      await round(parts, link);
      clock.ms += 300_000;
    }
    expect(await states(db)).toEqual({ done: 2, pending: 2 });
  });
});
