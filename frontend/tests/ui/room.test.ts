/** What the mediators' room says and does, drawn as in the app, over the actions that are not what is looked at. */
import { h } from "preact";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Grant, Opening, SealedIdentity } from "../../src/model";
import "./around";
import * as page from "./page";
import { draw, drawn } from "./page";

const actions = vi.hoisted(() => ({ begunAfter: vi.fn(), keepWords: vi.fn(), mediumUrl: vi.fn() }));
vi.mock(import("../../src/actions"), async (real) => ({ ...((await real()) as object), ...actions }) as never);
const mediating = vi.hoisted(() => ({ addFollowUp: vi.fn(), logOut: vi.fn(), end: vi.fn() }));
vi.mock(import("../../src/actions/mediating"), () => mediating as never);
const opening = vi.hoisted(() => ({
  ...{ askToOpen: vi.fn(), lookAt: vi.fn(), unsettled: vi.fn(), knownKeys: vi.fn() },
  ...{ codeFits: vi.fn(), drawKey: vi.fn(), makeKey: vi.fn() },
}));
vi.mock(import("../../src/actions/opening"), async (real) => ({ ...((await real()) as object), ...opening }) as never);

const { cases, connection, lock, mediator } = await import("../../src/actions");
const { learn, speak, t } = await import("../../src/i18n");
const { CaseDetail } = await import("../../src/ui/room/CaseDetail");
const { Cases } = await import("../../src/ui/room/Cases");
const { Identity } = await import("../../src/ui/room/Identity");
const { Keys } = await import("../../src/ui/room/Keys");
const { Visit } = await import("../../src/ui/room/Visit");

const { default: words } = await import("virtual:room-words");
learn(words);

/** On the page, sooner or later: what is looked up on the phone comes when it does. */
const seen = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 3000 });

beforeEach(async () => {
  vi.clearAllMocks();
  page.open();
  await speak("ky");
  actions.begunAfter.mockResolvedValue({ words: "" });
  opening.unsettled.mockResolvedValue([]);
  opening.knownKeys.mockResolvedValue([]);
  mediator.value = { name: "Dilnoza", offices: [], until_ms: Date.now() + 1e9, epoch: "" } as Grant;
});

describe("logging out", () => {
  it("is asked for once more, with a way back", async () => {
    mediating.logOut.mockResolvedValue(undefined);
    draw(h(Cases, {}));
    (await drawn()).one("button", t("room.logout")).fire("click");
    (await drawn()).one("button", t("withdraw.no")).fire("click");
    expect((await drawn()).text).not.toContain(t("room.logout_sure"));
    expect(mediating.logOut).not.toHaveBeenCalled();
    (await drawn()).one("button", t("room.logout")).fire("click");
    (await drawn()).one("button", t("room.logout")).fire("click");
    await drawn();
    expect(mediating.logOut).toHaveBeenCalledTimes(1);
  });
});

describe("who made a report", () => {
  const consented = { id: "o", by: "Dilnoza", reason: "", asked_ms: 1, consented: true, opened_ms: null, mine: true };
  const given = { ...consented, until_ms: Date.now() + 1e9 } as Opening;
  const sealed = { openings: [given], holds: "k", office: null, report: "1" } as unknown as SealedIdentity;

  it("is looked at once, however often it is pressed, and again where that failed", async () => {
    let fail: () => void = () => undefined;
    const failed = new Promise((_, reject) => {
      fail = reject as () => void;
    });
    opening.lookAt.mockReturnValueOnce(failed).mockResolvedValue({ name: "Айжан", contact: "0700" });
    draw(h(Identity, { sealed }));
    const press = async () => (await drawn()).one("button", t("case.who_look")).fire("click");
    await press();
    await press();
    expect(opening.lookAt).toHaveBeenCalledTimes(1);
    fail();
    await failed.catch(() => undefined);
    await seen(async () => expect((await drawn()).text).toContain(t("case.who_unseen")));
    await press();
    await seen(async () => expect((await drawn()).text).toContain("Айжан"));
  });
});

describe("what a mediator has begun to write", () => {
  const sealed = { openings: [], holds: "k", office: null, report: "1" } as unknown as SealedIdentity;

  it("as the reason to open a name is kept, and comes back", async () => {
    draw(h(Identity, { sealed }));
    (await drawn()).one("textarea").fire("input", { value: "Суу" });
    await seen(async () => expect(actions.keepWords).toHaveBeenCalledWith("ask-1", "Суу"));
    page.open();
    actions.begunAfter.mockResolvedValue({ words: "Суу" });
    draw(h(Identity, { sealed }));
    await seen(async () => expect((await drawn()).one("textarea").value).toBe("Суу"));
    expect(actions.begunAfter).toHaveBeenLastCalledWith("ask-1");
  });

  it("is looked for as theirs alone, where the server said who they are", async () => {
    mediator.value = { ...mediator.value, by: "e0" } as Grant;
    draw(h(Identity, { sealed }));
    await seen(async () => expect(actions.begunAfter).toHaveBeenLastCalledWith("ask-1/e0"));
    draw(h(CaseDetail, { id: "gone" }));
    await seen(async () => expect(actions.begunAfter).toHaveBeenLastCalledWith("gone/e0"));
  });

  it("on a case that left can be gone on with, and only where there is something", async () => {
    draw(h(CaseDetail, { id: "gone" }));
    expect((await drawn()).text).not.toContain(t("visit.title"));
    page.open();
    actions.begunAfter.mockResolvedValue({ words: "[]" });
    draw(h(CaseDetail, { id: "gone" }));
    await seen(async () => expect((await drawn()).text).toContain(t("visit.title")));
  });
});

it("a phone that says 1970 fills in no day of a visit, and forbids none", async () => {
  vi.useFakeTimers({ now: 0, toFake: ["Date"] });
  draw(h(Visit, { id: "1" }));
  const day = (await drawn()).one("label", t("when.which")).one("input");
  vi.useRealTimers();
  expect([day.value, day.max]).toEqual(["", undefined]);
});

describe("what was said of keys and names", () => {
  const sealed = { openings: [], holds: "k", office: null, report: "1" } as unknown as SealedIdentity;
  const group = { code: "med", names: { ky: "Арачылар" } };
  const key = { type: "group.key", body: { office: "med", place: 1, public: "" } };
  const request = (report: string) => ({ type: "identity.request", body: { report, reason: "" } });

  async function shown(screen: Parameters<typeof draw>[0], ...said: object[]): Promise<string> {
    opening.unsettled.mockResolvedValue(said);
    mediator.value = { name: "Dilnoza", offices: [group], until_ms: Date.now() + 1e9, epoch: "" } as Grant;
    draw(screen);
    // What is looked up, and then drawn.
    for (let times = 0; times < 6; times++) await drawn();
    return (await drawn()).text;
  }

  it("is not asked for again while it is on its way: a key", async () => {
    expect(await shown(h(Keys, {}))).toContain(t("room.key_make"));
    page.open();
    const text = await shown(h(Keys, {}), { said: key, refusal: null });
    expect(text).toContain(t("room.key_made"));
    expect(text).not.toContain(t("room.key_make"));
  });

  it("is not asked for again while it is on its way: a name", async () => {
    const text = await shown(h(Identity, { sealed }), { said: request("1"), refusal: null });
    expect(text).toContain(t("case.who_kept"));
    expect(text).not.toContain(t("case.who_ask"));
  });

  it("says why the server did not take it, and can be asked for again", async () => {
    const text = await shown(h(Keys, {}), { said: key, refusal: "not_yours" });
    expect(text).toContain(t("code.not_yours"));
    expect(text).toContain(t("room.key_make"));
    page.open();
    const asked = await shown(h(Identity, { sealed }), { said: request("1"), refusal: "not_yours" });
    expect(asked).toContain(t("code.not_yours"));
    expect(asked).toContain(t("case.who_ask"));
    page.open();
    const other = await shown(h(Identity, { sealed }), { said: request("2"), refusal: "not_yours" });
    expect(other).not.toContain(t("code.not_yours"));
  });
});

describe("a key of the group", () => {
  const key = { paper: "K7HT-2M9Q" };

  it("is made when it is written down, and not by showing its paper; what did not fit keeps the paper there", async () => {
    lock.value = "pin";
    opening.codeFits.mockResolvedValue("done");
    opening.drawKey.mockResolvedValue(key);
    opening.makeKey.mockRejectedValueOnce(new Error("full")).mockResolvedValue(undefined);
    mediator.value = { name: "Dilnoza", offices: [{ code: "med", names: {} }], until_ms: 1, epoch: "" } as never;
    draw(h(Keys, {}));
    await seen(async () => (await drawn()).one("button", t("room.key_make")).fire("click"));
    for (const digit of "258013") (await drawn()).one("button", digit).fire("click");
    (await drawn()).all("button").at(-1)?.fire("click");
    await seen(async () => expect((await drawn()).text).toContain(key.paper));
    expect(opening.makeKey).not.toHaveBeenCalled();
    const written = async () => (await drawn()).one("button", t("room.key_written")).fire("click");
    await written();
    await seen(async () => expect((await drawn()).text).toContain(t("solved.failed")));
    expect((await drawn()).text).toContain(key.paper);
    await written();
    await seen(async () => expect((await drawn()).text).toContain(t("room.key_made")));
    expect(opening.makeKey).toHaveBeenLastCalledWith("med", 1, key);
  });
});

describe("the photos of a case", () => {
  const medium = (id: string, role: string) => ({ id, role, state: "ready" });
  const media = [
    ["1", "photo"],
    ["2", "preview"],
    ["3", "voice"],
    ["4", "photo"],
    ["5", "preview"],
  ] as const;
  const report = {
    ...{ id: "r", text: "", language: "ky", answers: {}, happened: { when: "now", date: null }, filed_ms: 1 },
    media: media.map(([id, role]) => medium(id, role)),
  };
  const bare = {
    identities: [],
    talk: [],
    answers: [],
    disputes: [],
    followups: [],
    history: [],
    about: [],
    copies: [],
  };
  const village = { code: "v", names: { ky: "Ак-Сай" } };
  const held = {
    ...bare,
    id: "c",
    reports: [report],
    village,
    opened_ms: 1,
    due_ms: null,
    office: null,
    status: "received",
  };

  it("are counted without their previews and without recordings", async () => {
    cases.value = [held] as never;
    actions.mediumUrl.mockImplementation(async (id: string) => `blob:${id}`);
    draw(h(CaseDetail, { id: "c" }));
    await seen(async () => {
      const photos = (await drawn()).all("img").map(({ src, alt }) => [src, alt]);
      expect(photos).toEqual([
        ["blob:1", t("photos.n", { n: 1 })],
        ["blob:4", t("photos.n", { n: 2 })],
      ]);
    });
  });

  it("that did not come are asked for again when the server was heard, and those that came are not", async () => {
    cases.value = [held] as never;
    let online = false;
    actions.mediumUrl.mockImplementation(async (id: string) => {
      if (!online && id === "4") throw new Error("offline");
      return `blob:${id}`;
    });
    draw(h(CaseDetail, { id: "c" }));
    await seen(async () => expect((await drawn()).all("img")).toHaveLength(1));
    online = true;
    connection.value = { ...connection.value, lastSyncMs: 5 };
    await seen(async () => expect((await drawn()).all("img")).toHaveLength(2));
    const asked = actions.mediumUrl.mock.calls.map(([id]) => id).filter((id) => id !== "3");
    expect(asked).toEqual(["1", "4", "4"]);
  });
});
