import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import { addFollowUp, endInTime, logIn, logOut, over } from "../../src/actions/mediating";
import { askToOpen, consentTo, drawKey, makeKey, refuseTo, unsettled } from "../../src/actions/opening";
import { refresh, session, setSession } from "../../src/actions/session";
import { cases, mediator, storageTrouble } from "../../src/actions/signals";
import type { Opening, Reference } from "../../src/model";
import { base64url } from "../../src/model/bytes";
import { sealHalf } from "../../src/model/protected";
import { uuid7 } from "../../src/model/uuid7";
import { fact, keepFact } from "../../src/store/facts";
import { keepGrant } from "../../src/store/granting";
import type { Database } from "../../src/store/opening";
import { openNew } from "../store/opened";

const HEARD = Date.UTC(2026, 10, 1);
const DAY = 24 * 60 * 60 * 1000;
const CASE = { reports: [], followups: [], history: [], answers: [], opened_ms: 1 };

let db: Database;

/** A login of thirty days, and how many days later by the phone's own clock, which is years wrong, the room is opened. */
async function openedAfter(days: number): Promise<void> {
  const wrong = 9 * 365 * DAY;
  await keepFact(db, "lastServerMs", HEARD);
  await keepFact(db, "lastSyncMs", HEARD + wrong);
  vi.spyOn(Date, "now").mockReturnValue(HEARD + wrong + days * DAY);
  await refresh();
  await endInTime();
}

beforeEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  over.value = false;
  storageTrouble.value = null;
  const own = await openNew();
  ({ db } = own);
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await keepGrant(db, own.vault, { name: "Dilnoza", offices: [], until_ms: HEARD + 30 * DAY, epoch: "" });
  await db.put("changes", { entity: "case", id: "a", version: 1, data: await own.vault.seal(CASE) });
});

const left = () => new Promise((resolve) => setTimeout(resolve, 20));
let asked: string[];

/** The server, whose answer to the log-out comes when the test lets it. */
function served(goneBack: () => Promise<Response>): void {
  asked = [];
  const grant = { name: "Dilnoza", offices: [], until_ms: HEARD + 60 * DAY, epoch: "" };
  vi.stubGlobal("fetch", async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path}`);
    if (method === "DELETE") return goneBack();
    return Response.json(path.endsWith("login") ? { meta: { session_token: "t".repeat(40) } } : grant);
  });
  globalThis.location = { origin: "" } as Location;
}

describe("logging in again", () => {
  it("waits until the server has taken the login before back, so that this one stays", async () => {
    let heard: (response: Response) => void = () => undefined;
    const answer = new Promise<Response>((resolve) => {
      heard = resolve;
    });
    served(() => answer);
    const out = logOut();
    await left();
    const done = logIn("dilnoza", "secret");
    await left();
    expect(asked).toEqual(["DELETE /api/v1/grant"]);
    heard(new Response(null, { status: 204 }));
    expect([await done, await out]).toEqual(["ok", undefined]);
    expect(asked.slice(1)).toEqual(["POST /_allauth/app/v1/auth/login", "POST /api/v1/grant"]);
    expect(await fact(db, "mediator")).toBeDefined();
  });

  it("is tried later where nobody knows whether it has", async () => {
    served(async () => Promise.reject(new Error("cut")));
    await logOut();
    expect(await logIn("dilnoza", "secret")).toBe("offline");
    expect(asked).not.toContain("POST /api/v1/grant");
  });
});

describe("on a phone that is full", () => {
  const full = () => {
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
  };

  it("a log-out takes the cases from the phone, and says what does not fit", async () => {
    full();
    await logOut();
    expect([await db.count("changes"), cases.value, storageTrouble.value]).toEqual([0, [], "full"]);
  });

  it("a login whose time is over is not shown any more", async () => {
    await keepFact(db, "lastServerMs", HEARD + 31 * DAY);
    await refresh();
    full();
    await endInTime();
    expect([await db.count("changes"), over.value, storageTrouble.value]).toEqual([0, true, "full"]);
  });

  it("a login that cannot be kept is not said to need a connection", async () => {
    served(async () => new Response(null, { status: 204 }));
    full();
    expect([await logIn("dilnoza", "secret"), storageTrouble.value]).toEqual(["full", "full"]);
  });

  it("a log-out that a crash cut short is ended when the room is opened", async () => {
    await keepFact(db, "givingBack", true);
    await refresh();
    await endInTime();
    expect([await db.count("changes"), mediator.value, over.value]).toEqual([0, null, false]);
  });
});

describe("a mediator's login", () => {
  it("shows its cases while it lasts, whatever the phone's clock says", async () => {
    await openedAfter(29);
    expect(cases.value).toHaveLength(1);
    expect([over.value, mediator.value?.name]).toEqual([false, "Dilnoza"]);
  });

  it("takes them from the phone once its time is over, also where there was no network since", async () => {
    await openedAfter(30);
    expect([over.value, mediator.value, cases.value]).toEqual([true, null, []]);
    expect(await db.getAll("changes")).toEqual([]);
    expect(await fact(db, "mediator")).toBeUndefined();
  });

  it("lasts for a clock that was set back, until the server is heard again", async () => {
    await openedAfter(-400);
    expect(over.value).toBe(false);
  });
});

describe("a login that was ended elsewhere", () => {
  /** Every case was taken back, and the room is opened where this answers. */
  async function opened(answer: () => Response): Promise<void> {
    await db.delete("changes", ["case", "a"]);
    vi.stubGlobal("fetch", async () => answer());
    await openedAfter(5);
    await left();
  }

  it("is over, and the login form says so", async () => {
    await opened(() => Response.json({ code: "not_allowed" }, { status: 403 }));
    expect([over.value, mediator.value]).toEqual([true, null]);
  });

  it.each([
    ["without a network", () => Response.error()],
    ["behind somebody else's 403", () => new Response("<html>", { status: 403 })],
    ["where a mediator has no case yet", () => Response.json({ keys: [] })],
  ])("is not taken for one %s", async (_name, answer) => {
    await opened(answer);
    expect([over.value, mediator.value?.name]).toEqual([false, "Dilnoza"]);
  });
});

describe("a login with a code", () => {
  const begun = { meta: { session_token: "h".repeat(40) }, data: { flows: [{ id: "mfa_authenticate" }] } };

  /** The password was taken; what the server answers to each code, in turn. */
  async function coded(...answers: [number, unknown?][]) {
    const asked: string[] = [];
    const grant = { name: "Dilnoza", offices: [], until_ms: HEARD + 60 * DAY, epoch: "" };
    vi.stubGlobal("fetch", async (path: string) => {
      asked.push(path.split("/").at(-1) ?? "");
      if (path.endsWith("grant")) return Response.json(grant);
      if (path.endsWith("login")) return Response.json(begun, { status: 401 });
      const [status, body = {}] = answers.shift() ?? [400];
      return Response.json(body, { status });
    });
    expect(await logIn("dilnoza", "secret")).toBe("code_needed");
    return { outcome: await logIn("dilnoza", "secret", "123456"), asked: asked.slice(1) };
  }

  it("that the server does not take is wrong", async () => {
    expect(await coded([400])).toEqual({ outcome: "wrong_code", asked: ["authenticate"] });
  });

  it("that a fallen server does not answer is not wrong", async () => {
    expect(await coded([502])).toEqual({ outcome: "offline", asked: ["authenticate"] });
  });

  it.each([401, 409, 410])("begins with the password again where it was begun too long ago: %s", async (status) => {
    const again = ["authenticate", "login", "authenticate", "grant"];
    expect(await coded([status], [200])).toEqual({ outcome: "ok", asked: again });
    expect((await coded([status], [status])).outcome).toBe("code_needed");
  });
});

it("what was said of keys and names is found until the server has taken it", async () => {
  const { vault } = session();
  const told = [
    ["group.key", "pending", null],
    ["group.key", "done", null],
    ["identity.request", "attention", "not_yours"],
    ["report.confirm", "attention", "not_yours"],
  ] as const;
  for (const [seq, [type, state, code]] of told.entries()) {
    const opened = await vault.seal(JSON.stringify({ operation: { type, body: {} } }));
    const kept = { opId: `${seq}`, digest: `${seq}`, seq, type, entityId: "e", envelope: new Uint8Array(1), opened };
    await db.put("operations", {
      ...kept,
      state,
      code,
      savedAt: 1,
      left: true,
      attempts: 0,
      notBefore: 0,
    });
  }
  expect((await unsettled()).map(({ said, refusal }) => [said.type, refusal])).toEqual([
    ["group.key", null],
    ["identity.request", "not_yours"],
  ]);
});

describe("every word of a mediator", () => {
  const report = uuid7();
  const opening = { id: uuid7(), by: "Meerim" } as Opening;

  /** On a phone where this person, or one whose login tells no more, is logged in. */
  async function at(by?: string): Promise<void> {
    globalThis.location = { origin: "" } as Location;
    vi.stubGlobal("document", {});
    await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
    await keepGrant(db, session().vault, { name: "Dilnoza", offices: [], until_ms: 1, epoch: "", ...(by && { by }) });
    await refresh();
  }

  async function bodies(): Promise<[string, string | undefined][]> {
    const all = (await db.getAllFromIndex("operations", "seq")).flatMap(({ opened }) => (opened ? [opened] : []));
    const said = await Promise.all(all.map(async (one) => JSON.parse(await session().vault.open<string>(one))));
    return said.map(({ operation: { type, body } }) => [type, body.by]);
  }

  /** `meanwhile`: once each of them was pressed. */
  async function sayAll(meanwhile: () => void = () => undefined): Promise<void> {
    const pressed = (said: Promise<unknown>) => {
      meanwhile();
      return said;
    };
    await pressed(addFollowUp("a", { kind: "visit", happened_on: "2026-11-22", text: "We met." }));
    const drawn = await drawKey();
    await pressed(makeKey("med", 1, drawn));
    const [{ id, point } = { id: "", point: new Uint8Array(0) }] = (await fact(db, "groupKeys")) ?? [];
    const { sealed: half } = await sealHalf(new Uint8Array(512), 1, point, report);
    await pressed(askToOpen(report, "She must be warned."));
    await pressed(consentTo({ ...opening, half, to: base64url(point) }, report, id));
    await pressed(refuseTo(opening, report));
  }

  const KINDS = ["followup.create", "group.key", "identity.request", "identity.consent", "identity.refuse"];

  it("says whose it is", async () => {
    await at("d0000000");
    await sayAll();
    expect(await bodies()).toEqual(KINDS.map((type) => [type, "d0000000"]));
  });

  it("says nothing of it where the server does not", async () => {
    await at();
    await sayAll();
    expect(await bodies()).toEqual(KINDS.map((type) => [type, undefined]));
  });

  it("is that of who was logged in as it was pressed", async () => {
    await at("d0000000");
    await sayAll(() => {
      mediator.value = null;
    });
    expect(await bodies()).toEqual(KINDS.map((type) => [type, "d0000000"]));
  });

  it("on keys and names is found by who said it, and by nobody else who is logged in", async () => {
    await at("d0000000");
    await sayAll();
    const found = async () => (await unsettled()).map(({ said }) => said.type);
    expect(await found()).toEqual(KINDS.slice(1));
    await at("e0000000");
    expect(await found()).toEqual([]);
    await at("d0000000");
    expect(await found()).toEqual(KINDS.slice(1));
  });
});
