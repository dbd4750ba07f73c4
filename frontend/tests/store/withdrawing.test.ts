import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Change, OwnReport, Reference, ReportBody, ReportData } from "../../src/model";
import type { Tokens } from "../../src/model/secrets";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { putPart } from "../../src/store/drafts";
import { keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { changesOf, shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { NOTHING, openNew } from "./opened";
import { seen } from "./seen";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const WORDS = "The gate above the village was closed.";
let db: Database;
let vault: Vault;
let tokens: Tokens;
let id: string;

function report(): OwnReport {
  const said = { receipt: "0000000001", category: "water-gate", village: "1", text: WORDS } as const;
  return {
    id,
    ...said,
    audience: "office",
    track: "signal",
    danger: false,
    savedAt: 1,
    verdict: null,
    withdrawn: false,
  };
}

function withdraw(): Promise<void> {
  return keep(db, vault, { said: { type: "report.withdraw", body: {} }, entityId: id, now: 2, tokens });
}

async function taken(changes: Change[] = []): Promise<void> {
  const results = (await storageOf(db, vault).due(9)).map(({ digest }) => ({
    digest,
    status: "applied" as const,
    code: null,
    detail: null,
  }));
  await storageOf(db, vault).settle({ ...NOTHING, results, changes });
}

function shows(state: ReportData["state"], said: string[]): Change {
  const talk = said.map((text, at) => ({ id: `${at}`, text, language: "ky", at_ms: at, office: null, media: [] }));
  return { entity: "report", id, version: 2, data: seen({ state, talk }) };
}

async function told(): Promise<string> {
  return JSON.stringify(await changesOf(vault, await db.getAll("changes")));
}

beforeEach(async () => {
  id = uuid7();
  ({ db, vault, tokens } = await openNew());
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const wire = { id: uuid7(), key: "A".repeat(43), sha256: "00", bytes: 3, mime: "image/jpeg", role: "photo" } as const;
  const body = { text: WORDS } as ReportBody;
  await keep(db, vault, {
    said: { type: "report.create", body },
    entityId: id,
    now: 1,
    tokens,
    report: report(),
    media: [{ wire, bytes }],
  });
});

describe("a report that is taken back", () => {
  it("leaves the phone before it was sent, and the server is still told", async () => {
    await withdraw();
    expect((await storageOf(db, vault).due(9)).map(({ type }) => type)).toEqual(["report.withdraw"]);
    expect([await db.getAll("media"), await db.getAll("mediaBytes")]).toEqual([[], []]);
    const [own] = (await shown(db, vault)).cards;
    expect([own?.text, (await db.getAll("operations")).map(({ type }) => type)]).toEqual(["", ["report.withdraw"]]);
  });

  it("says so on its card, first as a wish and then as done", async () => {
    await taken();
    await withdraw();
    expect((await shown(db, vault)).cards.map(({ state, text }) => [state, text])).toEqual([["withdrawing", ""]]);
    await taken();
    expect((await shown(db, vault)).cards.map(({ state }) => state)).toEqual(["withdrawn"]);
  });

  it("takes what the server showed of it along, at once", async () => {
    await taken([shows("with_office", ["Since May."])]);
    expect(await told()).toContain("Since May.");
    await withdraw();
    expect(await db.count("changes")).toBe(0);
  });

  it("is not shown again by a reply from before, nor by a server that was restored; only that it is withdrawn", async () => {
    await taken();
    await withdraw();
    await taken([shows("with_office", ["Since May."])]);
    expect(await db.count("changes")).toBe(0);
    await taken([shows("withdrawn", [])]);
    expect(await told()).toContain("withdrawn");
  });

  it("stays shown as withdrawn when another tab takes it back once more: the server does not tell twice", async () => {
    await withdraw();
    await taken([shows("withdrawn", [])]);
    await withdraw();
    expect(await told()).toContain("withdrawn");
  });

  it("takes along what was begun after it", async () => {
    const bytes = new TextEncoder().encode("Since");
    await putPart(db, vault, { id: uuid7(), n: 0, draft: id, mime: "text/plain", bytes });
    await withdraw();
    expect(await db.count("draftParts")).toBe(0);
  });
});
