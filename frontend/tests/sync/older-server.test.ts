/** The newest app and a server that says less than today's: what it leaves out holds up nothing that it does say. */
import { describe, expect, it } from "vitest";
import vector from "../../../tests/vectors/shown.json";
import type { Grant, OwnReport, ReportBody } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepGrant } from "../../src/store/granting";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import type { Answered } from "../../src/sync/ports";
import { Link, round } from "../../src/sync/rounds";
import { answer, digestOf, NOW, phone, states, type Told } from "./phone";

const TEXT = "The gate above the village was closed.";
const CASE = uuid7(NOW);
const GRANT: Grant = { name: "Dilnoza", offices: [], until_ms: NOW + 1, epoch: "" };

/** No more than what a reply must have. */
async function least(envelopes: string[], status: string, changes: object[] = []): Promise<Answered> {
  const results = await Promise.all(envelopes.map(async (one) => ({ digest: await digestOf(one), status })));
  return answer(200, { proto: 1, server_time_ms: NOW, cursor: null, results, changes });
}

/** A mediator's phone on which a report was saved and found solved, after a round in which the server says that of the report and of a case. */
async function after(status: string, changesOf: (report: string) => object[] = () => []): Promise<Told> {
  const id = uuid7(NOW);
  const told = await phone((envelopes) => least(envelopes, status, changesOf(id)));
  const { db, vault, tokens, parts } = told;
  const own = {
    id,
    receipt: "0000000001",
    category: "water-gate",
    village: "1",
    text: TEXT,
    audience: "office",
  } as const;
  const verdict = { said: "solved", answers: 1 } as const;
  const report: OwnReport = { ...own, track: "signal", danger: false, savedAt: NOW, verdict, withdrawn: false };
  const said = { type: "report.create", body: { text: TEXT } as ReportBody } as const;
  await keepGrant(db, vault, GRANT);
  await keep(db, vault, { said, entityId: id, now: NOW, tokens, report });
  await round(parts, new Link());
  return told;
}

/** As it is shown today, without this; in a list of things too, where it stands there. */
function without(data: object, name: string): object {
  return JSON.parse(JSON.stringify(data, (key, value) => (key === name ? undefined : value)));
}

describe("a reply with no more than it must have", () => {
  it.each([
    ["applied", { state: "done", code: null }],
    ["duplicate", { state: "done", code: null }],
    ["accepted", { state: "done", code: "accepted" }],
    ["waiting", { state: "pending", code: "waiting" }],
    ["try_again", { state: "pending", code: null }],
    ["conflict", { state: "attention", code: "conflict" }],
    ["rejected", { state: "attention", code: "rejected" }],
  ])("says what became of a report: %s", async (status, kept) => {
    const { db } = await after(status);
    expect(await db.getAll("operations")).toEqual([expect.objectContaining(kept)]);
  });
});

describe("what the server tells of a report", () => {
  const { state, ...parts } = vector.report;
  const less = Object.keys(parts).map((name) => [name, without(vector.report, name)] as const);

  it.each([...less, ["all the rest", { state }] as const])("acknowledges and shows it without %s", async (_, data) => {
    const { db, vault } = await after("applied", (id) => [{ entity: "report", id, data }]);
    expect(await states(db)).toEqual({ done: 1 });
    const { cards, waiting } = await shown(db, vault);
    expect(cards).toEqual([expect.objectContaining({ text: TEXT, state })]);
    expect(waiting).toBe(false);
  });
});

describe("what the server tells of a case", () => {
  it.each(Object.keys(vector.case))("acknowledges a report and shows both without %s", async (name) => {
    const data = without(vector.case, name);
    const { db, vault } = await after("applied", () => [{ entity: "case", id: CASE, data }]);
    expect(await states(db)).toEqual({ done: 1 });
    const { cards, cases } = await shown(db, vault);
    expect([cards.length, cases.map(({ id }) => id)]).toEqual([1, [CASE]]);
  });
});
