/** Phones are shared: after a log-out another mediator may log in on this one. */
import { describe, expect, it } from "vitest";
import type { Grant, Said } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { partsOf, putDraft, putPart } from "../../src/store/drafts";
import { followUpOf, forgetCases, keepGrant, signed } from "../../src/store/granting";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { reported } from "../store/opened";
import { NOW, phone, reply } from "./phone";

const DILNOZA: Grant = { name: "Dilnoza", by: "d0000000", offices: [], until_ms: NOW, epoch: "" };
const EVE: Grant = { ...DILNOZA, name: "Eve", by: "e0000000" };
const CASE = uuid7(NOW);

/** A mediator's phone with a follow-up that the server has, one that it has not, and a reason to open that it has. */
async function written(who: Grant = DILNOZA) {
  const { db, vault, tokens } = await phone((envelopes) => reply(envelopes));
  await keepGrant(db, vault, who);
  type State = "pending" | "done" | "attention";
  const became = async (state: State, code: string | null) => {
    const kept = (await db.getAllFromIndex("operations", "seq")).at(-1);
    if (kept) await db.put("operations", { ...kept, state, code });
  };
  const say = async (text: string, state: State, code: string | null = null) => {
    const body = { case: CASE, kind: "visit", happened_on: "2026-11-22", text, language: "ky" } as const;
    await keep(db, vault, { ...followUpOf(uuid7(NOW), body, who, NOW), now: NOW, tokens });
    await became(state, code);
  };
  const tell = async (said: Said) => {
    await keep(db, vault, { said, entityId: await reported(db, vault), now: NOW, tokens });
    await became("done", null);
  };
  await say("They have it.", "done");
  await say("They may have it.", "done", "accepted");
  await say("Not sent yet.", "pending");
  await say("Refused.", "attention", "not_yours");
  await tell(signed({ type: "identity.request", body: { report: uuid7(NOW), reason: "A reason." } }, who));
  await tell({ type: "report.confirm", body: {} });
  const begun = (draft: string, id: string, mime: string) =>
    putPart(db, vault, { draft, id, n: 0, mime, bytes: new Uint8Array(3) });
  await begun(CASE, CASE, "text/plain");
  await begun("report", "report", "text/plain");
  await db.put("reports", { id: "report", sealed: new Uint8Array(1) });
  await begun("draft", "photo", "image/jpeg");
  await begun("early", "early-photo", "image/jpeg");
  await putDraft(db, vault, { id: "draft" } as never);
  /** What whoever is logged in now reads of them: with no case here, and with theirs. */
  const read = async () => {
    await db.delete("reports", "report");
    await db.delete("changes", ["case", CASE]);
    const texts = (all: { text: string }[] = []) => all.map(({ text }) => text).sort();
    const without = texts((await shown(db, vault)).strays);
    await db.put("changes", { entity: "case", id: CASE, version: 1, data: await vault.seal({ reports: [] }) });
    expect(texts((await shown(db, vault)).cases[0]?.followups)).toEqual(without);
    await db.delete("changes", ["case", CASE]);
    return without;
  };
  const left = async () => {
    const texts = await read();
    const readable = (await db.getAllFromIndex("operations", "seq")).map(({ opened }) => opened !== null);
    const ids = [CASE, "report", "draft", "early"];
    const parts = await Promise.all(ids.map(async (id) => (await partsOf(db, vault, id)).length));
    return { texts, readable, parts };
  };
  return { db, vault, left, read };
}

const UNSENT = ["Not sent yet.", "Refused.", "They may have it."];

describe("a mediator's words", () => {
  it("leave at a log-out where the server has them, and so do those that were begun; nothing unsent does", async () => {
    const { db, vault, left } = await written();
    await forgetCases(db, true);
    await keepGrant(db, vault, DILNOZA);
    expect(await left()).toEqual({
      texts: UNSENT,
      readable: [false, true, true, true, false, true],
      parts: [0, 1, 1, 1],
    });
  });

  it("that were begun leave when who began them logs out, not when another one does", async () => {
    const { db, vault } = await written();
    const begun = { n: 0, mime: "text/plain", bytes: new Uint8Array(3) };
    for (const { by } of [DILNOZA, EVE])
      await putPart(db, vault, { ...begun, draft: `${CASE}/${by}`, id: `${CASE}/${by}` });
    const there = () =>
      Promise.all([DILNOZA, EVE].map(async ({ by }) => (await partsOf(db, vault, `${CASE}/${by}`)).length));
    await forgetCases(db, true, EVE.by);
    expect(await there()).toEqual([1, 0]);
    await forgetCases(db, true, DILNOZA.by);
    expect(await there()).toEqual([0, 0]);
  });

  it("are shown to nobody while nobody is logged in", async () => {
    const { db, read } = await written();
    await forgetCases(db);
    expect(await read()).toEqual([]);
  });

  it("stay where the login ran out by itself, until somebody logs in", async () => {
    const { db, vault, left } = await written();
    await forgetCases(db);
    const before = await left();
    const rows = await db.count("followups");
    expect([rows, before.readable.includes(false), before.parts]).toEqual([4, false, [1, 1, 1, 1]]);
    await keepGrant(db, vault, DILNOZA);
    const after = await left();
    expect([after.texts, after.parts]).toEqual([UNSENT, [1, 1, 1, 1]]);
  });

  it("stay where the same mediator logs in again before the end", async () => {
    const { db, vault, read } = await written();
    await keepGrant(db, vault, { ...DILNOZA, until_ms: NOW + 1 });
    expect(await read()).toHaveLength(4);
  });

  describe.each([
    ["after a log-out", true],
    ["after a login that ran out", false],
    ["in place of a login that stands", null],
  ])("where another mediator logs in %s", (_name, byHand) => {
    it.each([
      ["another one", EVE],
      ["one of the same name", { ...EVE, name: "Dilnoza" }],
    ])("are not read by %s, and go out as they were said", async (_who, other) => {
      const { db, vault, read } = await written();
      const [before] = [await db.getAllFromIndex("operations", "seq")];
      if (byHand !== null) await forgetCases(db, byHand);
      await keepGrant(db, vault, other);
      expect(await read()).toEqual([]);
      const unsent = before.filter(({ state, code }) => state !== "done" || code === "accepted");
      expect(unsent).toHaveLength(3);
      for (const one of unsent) expect(await db.get("operations", one.opId)).toEqual(one);
      expect((await shown(db, vault)).waiting).toBe(true);
    });

    it("are read by who wrote them, once logged in there again", async () => {
      const { db, vault, read } = await written();
      if (byHand !== null) await forgetCases(db, byHand);
      await keepGrant(db, vault, EVE);
      await forgetCases(db, true);
      await keepGrant(db, vault, DILNOZA);
      expect(await read()).toEqual(UNSENT);
    });
  });

  it("that went out while another one was logged in leave when that one logs out", async () => {
    const { db, vault } = await written();
    await forgetCases(db, true);
    await keepGrant(db, vault, EVE);
    for (const kept of await db.getAll("operations"))
      if (kept.state === "pending") await db.put("operations", { ...kept, state: "done" });
    await forgetCases(db, true);
    const { length } = (await db.getAll("operations")).filter(({ state, opened }) => state === "done" && !opened);
    expect([await db.count("followups"), length]).toEqual([2, 3]);
  });

  it("that an older app wrote, or an older server's login, are shown to whoever is logged in", async () => {
    const { by: _, ...older } = DILNOZA;
    const { db, vault, read } = await written(older);
    await forgetCases(db, true);
    await keepGrant(db, vault, EVE);
    expect(await read()).toEqual(UNSENT);
  });
});

describe("what is sent of them", () => {
  it("says whose they are, where the login did", () => {
    const body = { report: CASE };
    expect(signed({ type: "identity.refuse", body }, DILNOZA).body).toEqual({ ...body, by: DILNOZA.by });
    expect(signed({ type: "identity.refuse", body }, null).body).toEqual(body);
  });

  it("never names whoever is logged in when it goes", async () => {
    const { db, vault } = await written();
    await keepGrant(db, vault, EVE);
    const said = (await db.getAllFromIndex("operations", "seq")).flatMap(({ opened }) => (opened ? [opened] : []));
    const bodies = await Promise.all(said.map(async (one) => JSON.parse(await vault.open<string>(one)).operation));
    const signs = bodies.filter(({ type }) => type !== "report.confirm").map(({ body }) => body.by);
    expect(new Set(signs)).toEqual(new Set([DILNOZA.by]));
  });
});
