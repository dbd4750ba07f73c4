import { beforeEach, describe, expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import { deleteReport, tryNow } from "../../src/actions/deleting";
import { texted, textOf } from "../../src/actions/handing";
import { wipeAnswered } from "../../src/actions/locking";
import { chooseAudience, notify } from "../../src/actions/reporting";
import { refresh, session, setSession } from "../../src/actions/session";
import { outbox, storageTrouble } from "../../src/actions/signals";
import type { Outgoing, OwnReport, Reference, ReportBody } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { locks } from "../../src/net/surroundings";
import { keepFact } from "../../src/store/facts";
import { letGo, namingSms } from "../../src/store/handing";
import { openProfile } from "../../src/store/opening";
import { shown } from "../../src/store/reading";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { Link, round } from "../../src/sync/rounds";
import { full } from "../store/full";
import { NOTHING } from "../store/opened";
import { seen } from "../store/seen";
import { phone, reply, silence, type Told } from "../sync/phone";

let told: Told;
/** What the server does with each request that comes meanwhile. */
let meanwhile: () => Promise<void>;

const body = {
  text: "The gate was closed.",
  category: "water-gate",
  village: "1",
  receipt: "0000000001",
  language: "ky",
  audience: "office",
  track: "signal",
  about_office: null,
  happened: { when: "now", date: null },
} as ReportBody;

async function write(): Promise<string> {
  const id = uuid7();
  const said = { type: "report.create", body } as const;
  const own = { receipt: "0000000001", category: "water-gate", village: "1", text: "The gate was closed." } as const;
  const chosen = { audience: "office", track: "signal", danger: false, savedAt: 1, verdict: null } as const;
  const report: OwnReport = { id, ...own, ...chosen, withdrawn: false };
  await keep(told.db, told.vault, { said, entityId: id, now: 1, tokens: told.tokens, report });
  return id;
}

async function types(): Promise<string[]> {
  return (await told.db.getAll("operations")).map(({ type }) => type);
}

beforeEach(async () => {
  meanwhile = async () => undefined;
  told = await phone(async (envelopes) => {
    await meanwhile();
    return envelopes.length > 0 ? silence("offline") : reply(envelopes);
  });
  globalThis.location = { protocol: "http:" } as Location;
  globalThis.document = { cookie: "" } as Document;
  const { db, vault, tokens, parts } = told;
  parts.locks = locks;
  const profile = { id: parts.profileId, createdAt: 1 };
  setSession({ db, vault, tokens, profile, wake: async () => undefined });
});

/** In this tab the words are still being sealed when another one deletes the report. */
async function thrownAwayWhile(id: string, saying: () => Promise<void>): Promise<void> {
  const { vault } = session();
  const seal = async (content: unknown) => {
    await deleteReport(id);
    return vault.seal(content);
  };
  setSession({ ...session(), vault: Object.assign(Object.create(vault), { seal }) });
  await expect(saying()).rejects.toThrow();
}

describe("deleting a report that nobody has", () => {
  it("leaves nothing to be sent, however often it is pressed", async () => {
    const id = await write();
    await deleteReport(id);
    await deleteReport(id);
    expect(await types()).toEqual([]);
  });

  it("keeps nothing that another tab says of it in the same moment", async () => {
    const id = await write();
    await thrownAwayWhile(id, () => notify(id, "a@example.org"));
    expect(await types()).toEqual([]);
  });

  it("tells who says something of it in another tab that it is gone, and not that the phone is full", async () => {
    const id = await write();
    await refresh();
    expect(outbox.value).toHaveLength(1);
    await thrownAwayWhile(id, () => chooseAudience(id, "office"));
    expect([outbox.value, storageTrouble.value]).toEqual([[], null]);
  });

  it("keeps nothing that a tab says of it which has not heard yet that it is gone", async () => {
    const id = await write();
    await deleteReport(id);
    const said = { type: "report.reply", body: { text: "And again.", language: "ky" } } as const;
    await expect(keep(told.db, told.vault, { said, entityId: id, now: 1, tokens: told.tokens })).rejects.toThrow();
    expect(await types()).toEqual([]);
  });

  it("is told from taking off what was answered, of which no notice is to come any more", async () => {
    const id = await write();
    await notify(id, "0555123456");
    for (const one of await told.db.getAll("operations")) await told.db.put("operations", { ...one, state: "done" });
    const change = { entity: "report", id, version: 1, data: seen({ state: "solved", notify: true }) } as const;
    await storageOf(told.db, told.vault).settle({ ...NOTHING, cursor: "c", changes: [change] });
    await refresh();
    expect(await wipeAnswered()).toBe(1);
    const waits = (await told.db.getAll("operations")).filter(({ state }) => state === "pending");
    expect(waits.map(({ type, entityId }) => [type, entityId])).toEqual([["report.notify", id]]);
  });

  it("leaves nothing to be sent while a round is running", async () => {
    let id = "";
    meanwhile = async () => {
      id = await write();
      await deleteReport(id);
    };
    await round(told.parts, new Link());
    expect(id).not.toBe("");
    expect(await types()).toEqual([]);
  });
});

describe("deleting a report that is leaving", () => {
  it("takes it back", async () => {
    const id = await write();
    meanwhile = () => deleteReport(id);
    await round(told.parts, new Link());
    expect(await types()).toEqual(["report.withdraw"]);
    expect((await shown(told.db, told.vault)).cards[0]).toMatchObject({ id, state: "withdrawing", text: "" });
  });
});

describe("deleting a report that left from a disk too full to be marked on", () => {
  const onFullDisk = () => round({ ...told.parts, storage: storageOf(full(told.db), told.vault) }, new Link());

  it.each([
    ["a round that no answer came to, or none could be kept", async () => void (await onFullDisk())],
    ["handing it over", (id: string) => letGo(full(told.db), id)],
    ["handing everything over", () => letGo(full(told.db), null)],
  ])("takes it back after %s, also in another tab or after a reload", async (_, leave) => {
    const id = await write();
    await leave(id);
    told.db.close();
    const db = await openProfile(told.parts.profileId);
    setSession({ ...session(), db });
    await deleteReport(id);
    expect((await db.getAll("operations")).map(({ type }) => type)).toEqual(["report.withdraw"]);
  });

  it("lets nothing leave that was deleted before", async () => {
    const [id] = [await write(), await write()];
    const storage = storageOf(full(told.db), told.vault);
    const attempting = async (ids: string[]) => {
      await deleteReport(id);
      return storage.attempting(ids);
    };
    await round({ ...told.parts, storage: { ...storage, attempting } }, new Link());
    expect(told.sent.map(({ length }) => length)).toEqual([1]);
    expect(await types()).toEqual(["report.create"]);
  });

  it("leaves no trace where it could not be noted at all that it leaves, since then it does not", async () => {
    const id = await write();
    const storage = { ...told.parts.storage, attempting: async () => Promise.reject(new Error("closed")) };
    expect((await round({ ...told.parts, storage }, new Link())).outcome).toBe("later");
    expect(told.sent).toEqual([]);
    await deleteReport(id);
    expect(await types()).toEqual([]);
  });

  it("leaves no trace of a later one once there was room to mark what had left", async () => {
    const first = await write();
    await onFullDisk();
    told.clock.ms += 600_000;
    await round(told.parts, new Link());
    const second = await write();
    await deleteReport(second);
    expect(await types()).toEqual(["report.create"]);
    await deleteReport(first);
    expect(await types()).toEqual(["report.withdraw"]);
  });
});

describe("deleting a report that went by SMS", () => {
  const card = async () => (await shown(told.db, told.vault)).cards[0];

  it("takes the SMS back, though the disk was too full to note that it went, and however often it is pressed", async () => {
    const id = await write();
    const link = await namingSms(told.db, told.tokens, id);
    const { db } = told;
    const sync_key = { id: vector.key_id, public: vector.public };
    await keepFact(db, "reference", { sync_key, sms_number: "+996312000000", rayon: "r" } as Reference);
    setSession({ ...session(), db: full(db) });
    expect(await textOf(id)).not.toBeNull();
    setSession({ ...session(), db });
    expect((await card())?.deletable).toBe("never");
    await deleteReport(id);
    await deleteReport(id);
    expect(await types()).toEqual(["report.withdraw"]);
    const [withdrawal] = await db.getAll("operations");
    const { operation } = JSON.parse(await told.vault.open<string>(withdrawal?.opened as never)) as {
      operation: { body: unknown };
    };
    expect(operation.body).toEqual(link);
    expect(link.sms_link).toHaveLength(16);
    expect((await card())?.deletable).toBeNull();
  });

  it("takes back nothing of one that arrived, where only what was said after it was refused", async () => {
    const id = await write();
    await letGo(told.db, id);
    await texted(id);
    const { db, vault, tokens } = told;
    const [created] = await db.getAll("operations");
    await db.put("operations", { ...(created as Outgoing), state: "done" });
    const said = { type: "report.reply", body: { text: "", language: "ky" } } as const;
    await keep(db, vault, { said, entityId: id, now: 2, tokens });
    const reply = (await db.getAll("operations")).find(({ type }) => type === "report.reply");
    await db.put("operations", { ...(reply as Outgoing), state: "attention", code: "invalid" });
    await deleteReport(id);
    expect(await types()).toEqual(["report.create"]);
    expect((await card())?.text).not.toBe("");
  });
});

describe("trying a report now", () => {
  it("sends it, though the disk is too full to note that a person wants it", async () => {
    const id = await write();
    const parts = { ...told.parts, storage: storageOf(full(told.db), told.vault) };
    setSession({ ...session(), db: full(told.db), wake: async () => void (await round(parts, new Link())) });
    await tryNow(id);
    expect(told.sent.map(({ length }) => length)).toEqual([1]);
  });
});
