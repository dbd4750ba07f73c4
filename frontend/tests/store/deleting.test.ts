import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { OwnReport, Reference, ReportBody, Said } from "../../src/model";
import type { Tokens } from "../../src/model/secrets";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { drop, hurry } from "../../src/store/deleting";
import { keepFact } from "../../src/store/facts";
import { letGo, waitingLoad } from "../../src/store/handing";
import type { Database } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { NOTHING, openNew } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
let db: Database;
let vault: Vault;
let tokens: Tokens;
let id: string;

function report(): OwnReport {
  const said = { receipt: "0000000001", category: "water-gate", village: "1", text: "The gate was closed." } as const;
  const chosen = { audience: "office", track: "signal", danger: false } as const;
  return { id, ...said, ...chosen, savedAt: 1, verdict: null, withdrawn: false };
}

async function say(said: Said): Promise<void> {
  await keep(db, vault, { said, entityId: id, now: 2, tokens });
}

async function told(status: "applied" | "rejected", code: string | null = null): Promise<void> {
  const results = (await storageOf(db, vault).due(9)).map(({ digest }) => ({ digest, status, code, detail: null }));
  await storageOf(db, vault).settle({ ...NOTHING, results });
}

const card = async () => (await shown(db, vault)).cards[0];
const rows = async () =>
  Promise.all([db.count("operations"), db.count("reports"), db.count("media"), db.count("mediaBytes")]);

beforeEach(async () => {
  id = uuid7();
  ({ db, vault, tokens } = await openNew());
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const wire = { id: uuid7(), key: "A".repeat(43), sha256: "00", bytes: 3, mime: "image/jpeg", role: "photo" } as const;
  const said = { type: "report.create", body: { text: "The gate was closed." } as ReportBody } as const;
  await keep(db, vault, { said, entityId: id, now: 1, tokens, report: report(), media: [{ wire, bytes }] });
});

describe("what may be deleted", () => {
  it("is a report that never left the phone, with all that was said after it: nothing of it stays", async () => {
    await say({ type: "report.reply", body: { text: "And again.", language: "ky" } });
    expect(await card()).toMatchObject({ deletable: "never", unsent: ["report.create", "report.reply"] });
    expect(await drop(db, id)).toBe(true);
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });

  it("is gone when somebody presses again, and nothing is said of it any more", async () => {
    expect([await drop(db, id), await drop(db, id)]).toEqual([true, true]);
    await expect(say({ type: "report.withdraw", body: {} })).rejects.toThrow("Gone.");
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });

  it("is as good as gone when it was taken back meanwhile", async () => {
    await say({ type: "report.withdraw", body: {} });
    expect(await drop(db, id)).toBe(true);
  });

  it.each([
    [
      "an attempt to send it",
      () =>
        storageOf(db, vault)
          .due(9)
          .then(([one]) => tried(one?.opId ?? "")),
    ],
    ["handing it over", () => letGo(db, id)],
    ["handing everything over", () => letGo(db, null)],
    ["announcing its photo", async () => storageOf(db, vault).announced((await db.getAll("media"))[0]?.id ?? "")],
  ])("is nothing any more after %s", async (_name, leave) => {
    await leave();
    expect((await card())?.deletable).toBeNull();
    expect(await drop(db, id)).toBe(false);
    expect(await rows()).toEqual([1, 1, 1, 1]);
    expect((await waitingLoad(db, id)).envelopes).toHaveLength(1);
  });

  it("is what the server refused; of a report that is there, only the word that was refused", async () => {
    await told("applied");
    await say({ type: "report.reply", body: { text: "And again.", language: "ky" } });
    await told("rejected", "invalid");
    await say({ type: "report.confirm", body: {} });
    expect(await card()).toMatchObject({ deletable: "refused", state: "needs_attention", code: "invalid" });
    expect(await drop(db, id)).toBe(true);
    expect(await card()).toMatchObject({ deletable: null, state: "arrived", text: "The gate was closed." });
  });

  it("is a refused report as a whole, but not one that is sealed again by itself", async () => {
    await told("rejected", "unknown_key");
    expect(await drop(db, id)).toBe(false);
    await db.put("operations", { ...(await first()), code: "unknown_village" });
    expect(await drop(db, id)).toBe(true);
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });
});

describe("trying now", () => {
  it("waits no longer for the next try, of this report alone", async () => {
    const storage = storageOf(db, vault);
    await storage.unsent([(await first()).opId], () => 60_000);
    expect(await storage.due(9)).toEqual([]);
    await hurry(db, uuid7());
    expect(await storage.due(9)).toEqual([]);
    await hurry(db, id);
    expect(await storage.due(9)).toHaveLength(1);
  });
});

async function tried(opId: string): Promise<void> {
  await storageOf(db, vault).attempting([opId]);
  await storageOf(db, vault).unsent([opId], null);
}

async function first() {
  const [one] = await db.getAll("operations");
  if (!one) throw new Error("Nothing was said.");
  return one;
}
