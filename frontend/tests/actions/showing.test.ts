import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setSession } from "../../src/actions/session";
import { hearOffices, talkUrl } from "../../src/actions/showing";
import { outbox } from "../../src/actions/signals";
import type { Card, OwnReport } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { type Own, openNew } from "../store/opened";

const MINUTE_MS = 60_000;
const reportId = uuid7();
let own: Own;
let asked: string[];
let answer: () => Promise<Response>;
let now: number;
const sound = () => new Response(new Uint8Array(9), { headers: { "Content-Type": "audio/mp4" } });

/** Two recordings that an office answered by. */
function said(): string[] {
  const ids = [uuid7(), uuid7()];
  const media = ids.map((id) => ({ id, role: "voice", state: "ready" }));
  outbox.value = [{ id: reportId, answers: [{ media }], talk: [] } as unknown as Card];
  return ids;
}

beforeEach(async () => {
  own = await openNew();
  await own.db.put("reports", { id: reportId, sealed: await own.vault.seal({} as OwnReport) } as never);
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  asked = [];
  answer = async () => sound();
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address.split("/")[4] ?? "");
    return answer();
  });
  now = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("what offices said by voice", () => {
  it("is fetched once and kept", async () => {
    const ids = said();
    await hearOffices();
    await hearOffices();
    expect(asked).toEqual(ids);
    expect((await own.db.get("media", ids[0] ?? ""))?.mime).toBe("audio/mp4");
  });

  it("is fetched one after the other, however often it is asked for meanwhile, and by who wants to hear it too", async () => {
    const ids = said();
    let come: (response: Response) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        come = resolve;
      });
    const rounds = [hearOffices(), hearOffices()];
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const heard = talkUrl(ids[0] ?? "", reportId);
    await new Promise((then) => setTimeout(then, 20));
    expect(asked).toEqual([ids[0]]);
    answer = async () => sound();
    come(sound());
    expect(await heard).toMatch(/^blob:/);
    await Promise.all(rounds);
    expect(asked).toEqual(ids);
  });

  it.each([
    ["did not come", () => Promise.reject(new Error("No network.")), () => undefined],
    ["is not there", async () => new Response("", { status: 404 }), () => undefined],
    ["did not fit", async () => sound(), () => vi.spyOn(own.db, "transaction").mockImplementation(full)],
  ])("and %s is asked for again later and later", async (_, answered, first) => {
    said();
    const began = now;
    answer = answered;
    first();
    for (const [minutes, times] of [
      [0, 2],
      [0.5, 2],
      [1.1, 4],
      [2.9, 4],
      [3.2, 6],
    ] as const) {
      now = began + minutes * MINUTE_MS;
      await hearOffices();
      expect(asked, `after ${minutes} minutes`).toHaveLength(times);
    }
  });
});

function full(): never {
  throw new DOMException("The disk is full.", "QuotaExceededError");
}
