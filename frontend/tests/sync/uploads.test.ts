import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { OwnMedium, ReportData } from "../../src/model";
import { sha256 } from "../../src/model/bytes";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { storageOf } from "../../src/store/syncing";
import type { Parts } from "../../src/sync/ports";
import { Chunk, upload } from "../../src/sync/uploads";
import { openNew } from "../store/opened";
import { seen } from "../store/seen";
import { answer, refusal } from "./phone";
import { Tus } from "./tus";

const DAY_MS = 24 * 60 * 60 * 1000;
let db: Database;
let vault: Vault;
let tus: Tus;
let mobile: boolean;
/** What the phone's own clock says when the server answers. */
let wrong: number;

function parts(): Parts {
  const locks = { alone: async <Value>(_: string, run: () => Promise<Value>) => run() };
  const storage = storageOf(db, vault, () => mobile);
  return { clock: tus.clock, net: tus, storage, chance: () => 0.5, locks, bearer: null, profileId: "p" };
}

async function saved(role: OwnMedium["role"], size: number): Promise<OwnMedium> {
  const bytes = Uint8Array.from({ length: size }, (_, place) => place % 251).buffer;
  const [id, opId, entityId] = [uuid7(), uuid7(), uuid7()];
  const fresh = { state: "pending", receivedAt: null, announced: false, attempts: 0, notBefore: 0 } as const;
  const medium = { id, opId, entityId, role, mime: "image/jpeg", key: new Uint8Array(1), sha256: "00", size, ...fresh };
  await db.add("media", medium);
  await db.add("mediaBytes", bytes, id);
  return { ...medium, bytes };
}

async function settle(now: number, media: ReportData["media"] = []): Promise<void> {
  const changes = media.length > 0 ? [{ entity: "report", id: "r", version: 1, data: seen({ media }) }] : [];
  const cursor = await storageOf(db, vault).cursor();
  await storageOf(db, vault).settle({
    more: false,
    sentCursor: cursor,
    cursor: `${cursor}1`,
    serverMs: now,
    epoch: null,
    now: wrong,
    changes,
    results: [],
    retryAt: () => 0,
  });
}

async function acknowledged({ opId, entityId }: OwnMedium): Promise<void> {
  const said = {
    type: "report.create",
    envelope: new Uint8Array(1),
    opened: null,
    left: true,
    digest: opId,
    savedAt: 1,
  };
  const rest = { seq: 1, state: "done", attempts: 0, notBefore: 0, code: null } as const;
  await db.add("operations", { opId, entityId, ...said, ...rest });
}

const held = async ({ id }: OwnMedium) => (await db.get("mediaBytes", id)) ?? null;

beforeEach(async () => {
  ({ db, vault } = await openNew());
  tus = new Tus();
  mobile = false;
  wrong = tus.now;
});

describe("an upload", () => {
  it("sends previews before recordings before photos, whole", async () => {
    const photo = await saved("photo", 100_000);
    const voice = await saved("voice", 40_000);
    const preview = await saved("preview", 9_000);
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect([...tus.uploads.keys()]).toEqual([preview.id, voice.id, photo.id]);
    expect(tus.uploads.get(photo.id)?.bytes).toEqual([...new Uint8Array(photo.bytes ?? new ArrayBuffer(0))]);
  });

  it("of a photo that arrives goes on to the next one where the disk is too full to note it", async () => {
    const photos = [await saved("photo", 9_000), await saved("photo", 9_000)];
    const full = async () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    const storage = { ...parts().storage, announced: full, received: full };
    expect(await upload({ ...parts(), storage }, new Chunk())).toEqual({ outcome: "later", waitMs: null });
    expect(photos.map(({ id }) => tus.uploads.get(id)?.bytes.length)).toEqual([9_000, 9_000]);
  });

  it("goes on where a cut left it", async () => {
    await saved("photo", 200_000);
    tus.diesAfter = 2;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "offline" });
    tus.diesAfter = Number.POSITIVE_INFINITY;
    tus.asked = [];
    await upload(parts(), new Chunk());
    expect(tus.asked.slice(0, 2)).toEqual(["HEAD +0", "PATCH 65536+65536"]);
  });

  it("takes larger chunks on a fast link and smaller ones on a slow one", async () => {
    await saved("photo", 600_000);
    const chunk = new Chunk();
    await upload(parts(), chunk);
    expect(chunk.size).toBe(262_144);
    tus.bytesPerMs = 3.75;
    await saved("photo", 600_000);
    await upload(parts(), chunk);
    expect(chunk.size).toBeLessThan(60_000);
    expect(chunk.size).toBeGreaterThanOrEqual(32_768);
  });

  it("keeps what arrived of a chunk that the link was too slow for, and goes on smaller in the same round", async () => {
    const photo = await saved("photo", 250_000);
    const chunk = new Chunk();
    chunk.size = 262_144;
    tus.bytesPerMs = 1;
    expect(await upload(parts(), chunk)).toEqual({ outcome: "done" });
    expect(tus.asked.slice(1, 4)).toEqual(["PATCH 0+250000", "HEAD +0", "PATCH 119900+130100"]);
    expect(tus.uploads.get(photo.id)?.bytes).toHaveLength(250_000);
  });

  it("gives up the round when nothing at all comes through", async () => {
    await saved("photo", 100_000);
    tus.bytesPerMs = 1e-9;
    tus.roundTripMs = 1e9;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "offline" });
  });

  it("finds the size that something on the way lets through", async () => {
    await saved("photo", 150_000);
    tus.mostBody = 50_000;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect([...tus.uploads.values()][0]?.bytes).toHaveLength(150_000);
  });

  it("goes on later when something on the way refuses even the smallest chunk", async () => {
    const { id } = await saved("photo", 20_000);
    tus.mostBody = 10_000;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect((await db.get("media", id))?.state).toBe("pending");
  });

  it.each([413, 415, 460])("ends when our server refuses it with %i", async (status) => {
    const { id } = await saved("photo", 20_000);
    tus.refuses = status;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect((await db.get("media", id))?.state).toBe("refused");
  });

  it("waits while somebody else's, of another size, stands under its id", async () => {
    const { id } = await saved("photo", 20_000);
    await storageOf(db, vault).announced(id);
    tus.uploads.set(id, { length: 5, bytes: [] });
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect((await db.get("media", id))?.state).toBe("pending");
    // The report has come, and the server knows which are right.
    tus.uploads.delete(id);
    tus.now += 600_000;
    await upload(parts(), new Chunk());
    expect(tus.uploads.get(id)?.bytes).toHaveLength(20_000);
  });

  it("does not hold up the others when the link goes down over it each time", async () => {
    const photos = [await saved("photo", 20_000), await saved("photo", 20_000)];
    tus.deadly = photos.map(({ id }) => id).sort()[0] ?? "";
    const chunk = new Chunk();
    expect(await upload(parts(), chunk)).toEqual({ outcome: "offline" });
    expect(await upload(parts(), chunk)).toEqual({ outcome: "offline" });
    expect([...tus.uploads.values()].map(({ bytes }) => bytes.length).sort()).toEqual([0, 20_000]);
    tus.deadly = "";
    expect(await upload(parts(), chunk)).toEqual({ outcome: "done" });
  });

  it.each([
    ["a proxy that falls over them", answer(502)],
    ["a server that puts them off", refusal(429, { "Retry-After": "60" })],
  ])("is held up by no two others that fail each time, by %s", async (_name, said) => {
    const bad = [await saved("preview", 20_000), await saved("voice", 20_000)];
    const good = await saved("photo", 20_000);
    for (const { id } of bad) tus.bad.set(id, said);
    const chunk = new Chunk();
    for (let rounds = 0; rounds < 3; rounds++, tus.now += 60_000) await upload(parts(), chunk);
    expect(tus.uploads.get(good.id)?.bytes).toHaveLength(20_000);
    tus.bad.clear();
    expect(await upload(parts(), chunk)).toEqual({ outcome: "done" });
    expect(bad.map(({ id }) => tus.uploads.get(id)?.bytes.length)).toEqual([20_000, 20_000]);
  });

  it("that our server puts off for long is not asked for before", async () => {
    await saved("photo", 20_000);
    tus.before = refusal(429, { "Retry-After": "3600" });
    await upload(parts(), new Chunk());
    tus.before = null;
    tus.asked = [];
    for (const wait of [60_000, 3_539_000]) {
      tus.now += wait;
      expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
      expect(tus.asked).toEqual([]);
    }
    tus.now += 1_000;
    await upload(parts(), new Chunk());
    expect(tus.asked).not.toEqual([]);
  });

  it("of which the bytes are gone is over, and not asked about each second", async () => {
    const { id } = await saved("photo", 20_000);
    await db.delete("mediaBytes", id);
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect((await db.get("media", id))?.state).toBe("refused");
    expect(await parts().storage.nextDue()).toBeNull();
  });

  it.each([
    [401, "offline", undefined],
    [429, "later", null],
    [503, "later", null],
  ])("takes %i for no word of ours where something else says it", async (status, outcome, waitMs) => {
    const { id } = await saved("photo", 20_000);
    tus.before = answer(status, undefined, { "Retry-After": "3600" });
    expect(await upload(parts(), new Chunk())).toEqual({ outcome, waitMs });
    expect(await db.get("media", id)).toMatchObject({ state: "pending", notBefore: 0 });
  });

  it("goes on later when somebody else's bytes came in between and its own are whole", async () => {
    const { id, bytes, ...rest } = await saved("photo", 20_000);
    await db.put("media", { ...rest, id, sha256: await sha256(bytes as ArrayBuffer) });
    tus.refuses = 460;
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect((await db.get("media", id))?.state).toBe("pending");
  });
});

describe("an id under which the server has more than it is long", () => {
  it("waits, and holds up no other", async () => {
    const [occupied, other] = [await saved("preview", 20_000), await saved("photo", 20_000)];
    tus.uploads.set(occupied.id, { length: 50_000, bytes: Array.from({ length: 30_000 }, () => 0) });
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect(await db.get("media", occupied.id)).toMatchObject({ state: "pending", attempts: 1 });
    expect(tus.uploads.get(other.id)?.bytes).toHaveLength(20_000);
  });
});

describe("photos on Wi-Fi only", () => {
  it("wait on mobile data, and nothing else does", async () => {
    const photo = await saved("photo", 1000);
    const preview = await saved("preview", 500);
    await keepFact(db, "photosOnWifi", true);
    mobile = true;
    await upload(parts(), new Chunk());
    expect([...tus.uploads.keys()]).toEqual([preview.id]);
    expect(await parts().storage.nextDue()).toBeNull();
    mobile = false;
    await upload(parts(), new Chunk());
    expect([...tus.uploads.keys()]).toEqual([preview.id, photo.id]);
  });

  it("is not how it begins", async () => {
    await saved("photo", 1000);
    mobile = true;
    await upload(parts(), new Chunk());
    expect(tus.uploads.size).toBe(1);
  });
});

describe("bytes that the server has", () => {
  it.each([0, 1, 3e12])("stay a day and go then, by the server's clock (the phone's: %d)", async (ms) => {
    const photo = await saved("photo", 1000);
    await acknowledged(photo);
    wrong = ms;
    tus.now = ms;
    await upload(parts(), new Chunk());
    const received = Date.UTC(2026, 10, 28);
    await settle(received);
    wrong = 4e12;
    await settle(received + DAY_MS - 1000);
    expect(await held(photo)).not.toBeNull();
    await settle(received + DAY_MS + 1000);
    expect(await held(photo)).toBeNull();
    expect((await db.get("media", photo.id))?.state).toBe("received");
  });

  it("stay while their operation is not acknowledged", async () => {
    const photo = await saved("photo", 1000);
    await upload(parts(), new Chunk());
    await settle(tus.now);
    await settle(tus.now + 30 * DAY_MS);
    expect(await held(photo)).not.toBeNull();
  });

  it("stay while the profile is locked: nobody would say that a restored server has lost them", async () => {
    const photo = await saved("photo", 1000);
    await acknowledged(photo);
    await upload(parts(), new Chunk());
    const [operation] = await db.getAll("operations");
    if (!operation) throw new Error("There is none.");
    await db.put("operations", { ...operation, code: "accepted" });
    await settle(tus.now);
    await settle(tus.now + 30 * DAY_MS);
    expect(await held(photo)).not.toBeNull();
    await db.put("operations", operation);
    await settle(tus.now + 31 * DAY_MS);
    expect(await held(photo)).toBeNull();
  });

  it("stay where what the server says of them was the answer to an older question", async () => {
    const photo = await saved("photo", 1000);
    await acknowledged(photo);
    await upload(parts(), new Chunk());
    await settle(tus.now);
    await keepFact(db, "cursor", "by another tab");
    const late = tus.now + 30 * DAY_MS;
    const rest = { serverMs: late, epoch: null, now: late, changes: [], results: [], retryAt: () => 0 };
    await storageOf(db, vault).settle({ more: false, sentCursor: "older", cursor: "newer", ...rest });
    expect(await held(photo)).not.toBeNull();
  });

  it("stay while the server has more to tell, which may be that it lost them", async () => {
    const photo = await saved("photo", 1000);
    await acknowledged(photo);
    await upload(parts(), new Chunk());
    await settle(tus.now);
    const late = tus.now + 30 * DAY_MS;
    const cursor = await storageOf(db, vault).cursor();
    const rest = { serverMs: late, epoch: null, now: late, changes: [], results: [], retryAt: () => 0 };
    await storageOf(db, vault).settle({ more: true, sentCursor: cursor, cursor: "half", ...rest });
    expect(await held(photo)).not.toBeNull();
    await storageOf(db, vault).settle({ more: false, sentCursor: "half", cursor: "all", ...rest });
    expect(await held(photo)).toBeNull();
  });

  it("go again to a server that lost them", async () => {
    const photo = await saved("photo", 1000);
    await upload(parts(), new Chunk());
    tus.uploads.clear();
    await settle(tus.now, [{ id: photo.id, role: "photo", state: "received" }]);
    expect(await upload(parts(), new Chunk())).toEqual({ outcome: "done" });
    expect(tus.uploads.size).toBe(0);
    await settle(tus.now, [{ id: photo.id, role: "photo", state: "expected" }]);
    await upload(parts(), new Chunk());
    expect(tus.uploads.get(photo.id)?.bytes).toHaveLength(1000);
  });
});
