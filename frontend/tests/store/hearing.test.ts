import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Card, OwnReport, Reference, ReportBody, WireMedium } from "../../src/model";
import { openMedium } from "../../src/model/media";
import type { Tokens } from "../../src/model/secrets";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { keepFact } from "../../src/store/facts";
import { keepHeard } from "../../src/store/hearing";
import type { Database } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { wipe } from "../../src/store/wiping";
import { NOTHING, openNew } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const id = uuid7();
let db: Database;
let vault: Vault;
let tokens: Tokens;

function medium(role: WireMedium["role"]): { wire: WireMedium; bytes: ArrayBuffer } {
  const wire = { id: uuid7(), key: "A".repeat(43), sha256: "00", bytes: 3, mime: "audio/webm", role };
  return { wire, bytes: new Uint8Array([1, 2, 3]).buffer };
}

async function card(): Promise<Card> {
  const [one] = (await shown(db, vault)).cards;
  if (!one) throw new Error("There is no card.");
  return one;
}

beforeEach(async () => {
  ({ db, vault, tokens } = await openNew());
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const report = { id, receipt: "00000000044", savedAt: 1, verdict: null, withdrawn: false } as unknown as OwnReport;
  const said = { type: "report.create", body: {} as ReportBody } as const;
  await keep(db, vault, { said, entityId: id, now: 1, tokens, report, media: [medium("photo")] });
});

describe("what an office said by voice", () => {
  it("is kept sealed under its own id, is no part of the report, and leaves with it", async () => {
    const heard = uuid7();
    const blob = new Blob([new Uint8Array([7, 8, 9])], { type: "audio/mp4" });
    await keepHeard(db, vault, { id: heard, reportId: id, blob });
    const [kept, bytes] = await Promise.all([db.get("media", heard), db.get("mediaBytes", heard)]);
    if (!kept || !bytes) throw new Error("It was not kept.");
    const key = await vault.open<string>(kept.key);
    expect([...(await openMedium(bytes, { id: heard, key }))]).toEqual([7, 8, 9]);
    expect((await card()).media.map(({ role }) => role)).toEqual(["photo"]);
    expect((await storageOf(db, vault).dueMedia(9)).map(({ role }) => role)).toEqual(["photo"]);

    for (const one of await db.getAll("operations")) await db.put("operations", { ...one, state: "done" });
    for (const one of await db.getAll("media")) await db.put("media", { ...one, state: "received" });
    expect(await wipe(db, [id])).toHaveLength(1);
    expect([await db.count("media"), await db.count("mediaBytes")]).toEqual([0, 0]);
  });

  it("is not kept for a report that left the phone meanwhile", async () => {
    await keepHeard(db, vault, { id: uuid7(), reportId: uuid7(), blob: new Blob(["x"]) });
    expect(await db.count("media")).toBe(1);
  });
});

describe("a reply by voice", () => {
  it("stands in the talk and not in the report, and waits until its sound has arrived", async () => {
    const said = { type: "report.reply", body: { text: "", language: "ky" } } as const;
    const voice = medium("voice");
    await keep(db, vault, { said, entityId: id, now: 2, tokens, media: [voice] });
    const { media, talk } = await card();
    expect([media.map(({ role }) => role), talk.map((told) => told.media)]).toEqual([
      ["photo"],
      [[{ id: voice.wire.id, role: "voice", state: "expected" }]],
    ]);
  });

  it("is sent again when a restored server lacks its sound", async () => {
    const said = { type: "report.reply", body: { text: "", language: "ky" } } as const;
    const voice = medium("voice");
    await keep(db, vault, { said, entityId: id, now: 2, tokens, media: [voice] });
    const storage = storageOf(db, vault);
    await storage.received(voice.wire.id);
    const told = { id: uuid7(), media: [{ id: voice.wire.id, role: "voice", state: "expected" }] };
    const data = { media: [], talk: [told], answers: [] };
    await storage.settle({ ...NOTHING, now: 4, changes: [{ entity: "report", id, version: 1, data }] });
    expect((await db.get("media", voice.wire.id))?.state).toBe("pending");
  });

  it("takes the pieces that were kept while it was said along", async () => {
    await db.put("draftParts", {
      draft: id,
      id: uuid7(),
      n: 0,
      mime: "audio/webm",
      bytes: await vault.sealBytes(new Uint8Array([1])),
    });
    const said = { type: "report.reply", body: { text: "", language: "ky" } } as const;
    await keep(db, vault, { said, entityId: id, now: 2, tokens, media: [medium("voice")], draft: id });
    expect(await db.count("draftParts")).toBe(0);
  });
});
