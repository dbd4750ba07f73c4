/** Phones are shared: after a log-out another mediator may log in on this one. */
import { describe, expect, it } from "vitest";
import type { OwnFollowUp, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { partsOf, putDraft, putPart } from "../../src/store/drafts";
import { forgetCases, keepGrant } from "../../src/store/granting";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { NOW, phone, reply } from "./phone";

const GRANT = { name: "Dilnoza", offices: [], until_ms: NOW, epoch: "" };
const CASE = uuid7(NOW);

/** A mediator's phone with a follow-up that the server has, one that it has not, and a reason to open that it has. */
async function written() {
  const { db, vault, tokens } = await phone((envelopes) => reply(envelopes));
  await keepGrant(db, vault, GRANT);
  const say = async (text: string, state: "pending" | "done" | "attention", code: string | null = null) => {
    const body = { case: CASE, kind: "visit", happened_on: "2026-11-22", text, language: "ky" } as const;
    const followUp: OwnFollowUp = { ...body, id: uuid7(NOW), by: "Dilnoza", at_ms: NOW };
    await tell({ type: "followup.create", body }, state, code, followUp);
  };
  const tell = async (
    said: Said,
    state: "pending" | "done" | "attention",
    code: string | null,
    followUp?: OwnFollowUp,
  ) => {
    await keep(db, vault, {
      said,
      entityId: followUp?.id ?? uuid7(NOW),
      ...(followUp && { followUp }),
      now: NOW,
      tokens,
    });
    const kept = (await db.getAllFromIndex("operations", "seq")).at(-1);
    if (kept) await db.put("operations", { ...kept, state, code });
  };
  await say("They have it.", "done");
  await say("They may have it.", "done", "accepted");
  await say("Not sent yet.", "pending");
  await say("Refused.", "attention", "not_yours");
  await tell({ type: "identity.request", body: { report: uuid7(NOW), reason: "A reason." } }, "done", null);
  await tell({ type: "report.confirm", body: {} }, "done", null);
  const begun = (draft: string, id: string, mime: string) =>
    putPart(db, vault, { draft, id, n: 0, mime, bytes: new Uint8Array(3) });
  await begun(CASE, CASE, "text/plain");
  await begun("report", "report", "text/plain");
  await db.put("reports", { id: "report", sealed: new Uint8Array(1) });
  await begun("draft", "photo", "image/jpeg");
  await begun("early", "early-photo", "image/jpeg");
  await putDraft(db, vault, { id: "draft" } as never);
  const left = async () => {
    await db.delete("reports", "report");
    const { strays } = await shown(db, vault);
    const readable = (await db.getAllFromIndex("operations", "seq")).map(({ opened }) => opened !== null);
    const ids = [CASE, "report", "draft", "early"];
    const parts = await Promise.all(ids.map(async (id) => (await partsOf(db, vault, id)).length));
    return { strays: strays.map(({ text }) => text).sort(), readable, parts };
  };
  return { db, vault, left };
}

describe("a mediator's words", () => {
  it("leave at a log-out where the server has them, and so do those that were begun; nothing unsent does", async () => {
    const { db, left } = await written();
    await forgetCases(db, true);
    expect(await left()).toEqual({
      strays: ["Not sent yet.", "Refused.", "They may have it."],
      readable: [false, true, true, true, false, true],
      parts: [0, 1, 1, 1],
    });
  });

  it("stay where the login ran out by itself, until somebody logs in", async () => {
    const { db, vault, left } = await written();
    await forgetCases(db);
    const before = await left();
    expect([before.strays.length, before.readable.includes(false), before.parts]).toEqual([4, false, [1, 1, 1, 1]]);
    await keepGrant(db, vault, { ...GRANT, name: "Eve" });
    const after = await left();
    expect([after.strays, after.parts]).toEqual([
      ["Not sent yet.", "Refused.", "They may have it."],
      [1, 1, 1, 1],
    ]);
  });

  it("stay where the same mediator logs in again before the end", async () => {
    const { db, vault, left } = await written();
    await keepGrant(db, vault, { ...GRANT, until_ms: NOW + 1 });
    expect((await left()).strays).toHaveLength(4);
  });
});
