import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Audience, Outgoing, OwnReport, Reference, ReportBody, Said } from "../../src/model";
import { hex } from "../../src/model/bytes";
import type { Tokens } from "../../src/model/secrets";
import { linkOf } from "../../src/model/sms";
import { uuid7 } from "../../src/model/uuid7";
import type { Vault } from "../../src/model/vault";
import { fact, keepFact } from "../../src/store/facts";
import { namingSms, textable, waitingLoad } from "../../src/store/handing";
import type { Database } from "../../src/store/opening";
import { keep } from "../../src/store/saving";
import { openNew } from "./opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const audience = "office";
let db: Database;
let vault: Vault;
let tokens: Tokens;
let id: string;

async function say(said: Said, report?: OwnReport): Promise<void> {
  await keep(db, vault, { said, entityId: id, now: 2, tokens, ...(report ? { report } : {}) });
}

async function choose(chosen: Audience): Promise<Audience | undefined> {
  await say({ type: "report.audience", body: { audience: chosen } });
  return (await textable(db, vault, id))?.operation.body.audience;
}

beforeEach(async () => {
  id = uuid7();
  ({ db, vault, tokens } = await openNew());
  const sync_key = { id: vector.key_id, public: vector.public };
  await keepFact(db, "reference", { sync_key, sms_number: "+996700000001" } as Reference);
  const own = { receipt: "0000000001", category: "water-gate", village: "1", text: "", audience } as const;
  const report: OwnReport = { id, ...own, track: "appeal", danger: false, savedAt: 1, verdict: null, withdrawn: false };
  await say({ type: "report.create", body: { text: "", audience, village: "1" } as ReportBody }, report);
});

describe("an SMS of a report", () => {
  it("is for the fewer readers that its reporter chose while there was no network", async () => {
    expect(await choose("mediator")).toBe("mediator");
  });

  it("is for no more than the report itself says, whatever was chosen after it", async () => {
    expect(await choose("border")).toBe("office");
  });

  it.each([
    ["1", "05-B", "1"],
    [null, "05-B", "05-B"],
    [null, null, undefined],
  ])("names the village %s, or the rayon %s where there is none: %s", async (village, rayon, named) => {
    await keepFact(db, "reference", { ...(await fact(db, "reference")), rayon } as Reference);
    id = uuid7();
    const own = { id, receipt: "0000000002", category: "water-gate", village, text: "", audience } as const;
    const report: OwnReport = { ...own, track: "signal", danger: false, savedAt: 1, verdict: null, withdrawn: false };
    await say({ type: "report.create", body: { text: "", audience, village } as ReportBody }, report);
    expect((await textable(db, vault, id))?.operation.body.village).toBe(named);
  });

  it("is none of a report that is there already, whatever else still waits", async () => {
    const [created] = await db.getAllFromIndex("operations", "seq");
    await db.put("operations", { ...(created as Outgoing), state: "done" });
    expect(await choose("mediator")).toBeUndefined();
  });

  it("is named when the report is taken back, whatever this phone knows of it and the server has answered for", async () => {
    const [created] = await db.getAllFromIndex("operations", "seq");
    await db.put("operations", { ...(created as Outgoing), state: "done", opened: null });
    const link = { sms_link: hex(await linkOf(tokens.write, created?.opId ?? "")) };
    expect(await namingSms(db, tokens, id)).toEqual(link);
    // An SMS may have gone while the server took them.
    await keepFact(db, "reference", { ...(await fact(db, "reference")), sms_number: null } as Reference);
    expect(await namingSms(db, tokens, id)).toEqual(link);
  });
});

describe("what is handed over of a report", () => {
  it("says who may read it before what there is to read, as the network does", async () => {
    await choose("mediator");
    const [created, chosen] = await db.getAllFromIndex("operations", "seq");
    expect((await waitingLoad(db, id)).envelopes).toEqual([chosen?.envelope, created?.envelope]);
  });
});
