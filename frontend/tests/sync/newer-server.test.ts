/** The app of today and a server of tomorrow: what this app does not know holds up nothing that it does. See docs/releasing.md. */
import { expect, it } from "vitest";
import vector from "../../../tests/vectors/shown.json";
import type { OwnReport, ReportBody } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { Link, round } from "../../src/sync/rounds";
import { answer, digestOf, NOW, phone, states, type Told } from "./phone";

const TEXT = "The gate above the village was closed.";

/** A phone on which a report was saved, after a round in which the server says these things. */
async function after(said: { status?: string; more?: object; changes?: (report: string) => object[] }): Promise<Told> {
  const id = uuid7(NOW);
  const { status = "applied", more = {}, changes = () => [] } = said;
  const told = await phone(async (envelopes) => {
    const results = await Promise.all(
      envelopes.map(async (one) => ({ digest: await digestOf(one), status, code: null, ofTomorrow: [1] })),
    );
    const reply = { proto: 1, server_time_ms: NOW, epoch: "", cursor: "c1", more: false };
    return answer(200, { ...reply, ...more, results, changes: changes(id) });
  });
  const { db, vault, tokens, parts } = told;
  const own = { id, receipt: "0000000001", category: "water-gate", village: "1", text: TEXT } as const;
  const kinds = {
    audience: "office",
    track: "signal",
    danger: false,
    savedAt: NOW,
    verdict: null,
    withdrawn: false,
  } as const;
  const report: OwnReport = { ...own, ...kinds };
  const creating = { type: "report.create", body: { text: TEXT } as ReportBody } as const;
  await keep(db, vault, { said: creating, entityId: id, now: NOW, tokens, report });
  await round(parts, new Link());
  return told;
}

const report = (data: object) => (id: string) => [{ entity: "report", id, version: 2, data, ofTomorrow: "x" }];

it("passes over fields that it does not know", async () => {
  const data = { ...vector.report, ofTomorrow: { at: 1 } };
  const { db, vault } = await after({ more: { ofTomorrow: true }, changes: report(data) });
  expect(await states(db)).toEqual({ done: 1 });
  const { cards } = await shown(db, vault);
  expect(cards).toEqual([expect.objectContaining({ text: TEXT, state: vector.report.state })]);
});

it("passes over an entity that it does not know, and keeps nothing of it", async () => {
  const other = { entity: "meeting", id: uuid7(NOW), version: 1, data: { at: "the mill" } };
  const { db, vault } = await after({ changes: (id) => [other, ...report(vector.report)(id)] });
  expect(await states(db)).toEqual({ done: 1 });
  expect((await shown(db, vault)).cards).toEqual([expect.objectContaining({ state: vector.report.state })]);
  expect((await db.getAllKeys("changes")).map(([entity]) => entity)).toEqual(["report"]);
});

it("comes again with what is answered by a status that it does not know", async () => {
  const { db } = await after({ status: "postponed" });
  expect(await states(db)).toEqual({ pending: 1 });
});

it("keeps and shows a report in a state that it does not know", async () => {
  const { db, vault } = await after({ changes: report({ ...vector.report, state: "in_court" }) });
  expect(await states(db)).toEqual({ done: 1 });
  expect((await shown(db, vault)).cards).toEqual([expect.objectContaining({ text: TEXT, state: "in_court" })]);
});
