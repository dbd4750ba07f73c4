/** What screens say and do where two things come together: drawn as in the app, over the actions that are not what is looked at. */
import { h } from "preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Card, Reference } from "../../src/model";
import { anewEachTime, card, photo } from "./around";
import * as page from "./page";
import { draw, drawn, type Place } from "./page";

const actions = vi.hoisted(() => ({
  ...{ pictured: vi.fn(), chooseAudience: vi.fn(), keeps: vi.fn(() => true), ownMediumUrl: async () => null },
  ...{ begunAfter: async () => ({ words: "" }), keepWords: () => undefined, keepAppeal: () => undefined },
}));
vi.mock(import("../../src/actions"), async (real) => ({ ...((await real()) as object), ...actions }) as never);

const { connection, gate, mobileData, outbox, photosOnWifi, reference } = await import("../../src/actions");
const { t } = await import("../../src/i18n");
const { signal } = await import("../../src/signals");
const { Danger } = await import("../../src/ui/Danger");
const { Details } = await import("../../src/ui/report/Details");
const { ConnectionLine } = await import("../../src/ui/ConnectionLine");
const { Hand } = await import("../../src/ui/carry/Hand");
const { ShowQr } = await import("../../src/ui/carry/ShowQr");
const { Notify } = await import("../../src/ui/Notify");
const { OwnMedium } = await import("../../src/ui/Detail");
const { Home } = await import("../../src/ui/Home");
const { Readers } = await import("../../src/ui/Readers");
const { Solved } = await import("../../src/ui/Solved");
const { Stations } = await import("../../src/ui/Stations");
const { Waiting } = await import("../../src/ui/Waiting");
const { Sure } = await import("../../src/ui/Sure");
const { draft, edit } = await import("../../src/ui/report/draft");
const { Review } = await import("../../src/ui/report/Review");
const { Who } = await import("../../src/ui/report/Who");
const { Where } = await import("../../src/ui/report/Where");
const { sentence } = await import("../../src/ui/explain");

const text = async () => (await drawn()).text;

anewEachTime();

describe("whether it is solved", () => {
  const asked = (change: object) => draw(h(Solved, { card: card(change), refusing: signal(false) }));

  it.each(["answered", "unconfirmed", "solved"])(
    "is asked of what is %s and has no word on its last answer",
    async (state) => {
      asked({ state });
      expect(await text()).toContain(t("solved.no"));
    },
  );

  it.each(["arrived", "with_office", "disputed", "withdrawn"])("is not asked of what is %s", async (state) => {
    asked({ state });
    expect(await text()).toBe("");
  });
});

describe("what of a report is not sent", () => {
  const waiting = async (change: Partial<Card>) => {
    page.open();
    draw(h(Waiting, { card: card({ unsent: [], media: [photo], ...change }) }));
    return text();
  };
  const onWifi = (chosen: boolean) => {
    [photosOnWifi.value, mobileData.value] = [chosen, chosen];
  };
  afterEach(() => onWifi(false));

  it("is not to be tried where photos alone wait for Wi-Fi, as was chosen", async () => {
    onWifi(true);
    const said = await waiting({});
    expect(said).toContain(t("medium.wifi"));
    expect(said).not.toContain(t("net.try"));
    expect(said).toContain(t("hand.title"));
  });

  it.each([
    ["and there are words too", true, { unsent: ["report.create"] }],
    ["and there is a recording too", true, { media: [photo, { ...photo, id: "v", role: "voice" }] }],
    ["and they do not wait for Wi-Fi", false, {}],
  ] as const)("can be tried where photos wait %s", async (_, chosen, change) => {
    onWifi(chosen);
    const said = await waiting(change as unknown as Partial<Card>);
    expect(said).not.toContain(t("medium.wifi"));
    expect(said).toContain(t("net.try"));
  });
});

describe("another road", () => {
  it("is none by codes when photos alone wait", async () => {
    outbox.value = [card({ state: "arrived", media: [photo] })];
    draw(h(Hand, { id: "1" }));
    expect(await text()).toContain(t("hand.by_file"));
    expect(await text()).not.toContain(t("hand.by_qr"));
    outbox.value = [card({ state: "saved", unsent: ["report.create"], media: [photo] })];
    expect(await text()).toContain(t("hand.by_qr"));
  });

  it.each([
    ["has arrived", "hand.nothing", {}],
    ["is too long for them", "hand.kept", { unsent: ["report.create"] }],
  ])("by codes says of what %s: %s", async (_, said, change) => {
    outbox.value = [card(change)];
    actions.pictured.mockResolvedValue(null);
    draw(h(ShowQr, { id: "1" }));
    await vi.waitFor(async () => expect(await text()).toContain(t(said)));
  });
});

describe("whoever cannot read finds a picture", () => {
  /** What on this page can be touched and has none. */
  const bare = (shown: Place) =>
    ["button", "a", "label"]
      .flatMap((kind) => shown.all(kind).filter((one) => one.all("svg").length === 0))
      .map(({ text }) => text);

  it("on the report of danger, as on the telephones", async () => {
    gate.value = { people: [], chosen: null };
    draw(h(Danger, { pressed: false }));
    const shown = await drawn();
    gate.value = null;
    expect(shown.text).toContain(t("danger.report"));
    expect(bare(shown)).toEqual([]);
  });

  it("on the way on and the way back, where something is asked once more", async () => {
    draw(h(Sure, { sign: "withdrawn", open: "wipe.open", means: "wipe.means", yes: "wipe.yes", act: async () => 0 }));
    (await drawn()).one("button").fire("click");
    const shown = await drawn();
    expect(shown.all("button")).toHaveLength(2);
    expect(bare(shown)).toEqual([]);
  });

  it("on each answer among the details", async () => {
    draw(h(Details, {}));
    const shown = await drawn();
    expect(shown.all("label")).toHaveLength(5);
    expect(bare(shown)).toEqual([]);
  });
});

describe("a phone whose database did not open this time", () => {
  afterEach(() => actions.keeps.mockReturnValue(true));

  it.each([[true], [false]])("says that what it shows is on this phone only where it is kept: %s", async (kept) => {
    actions.keeps.mockReturnValue(kept);
    const said = async (screen: Parameters<typeof draw>[0]) => {
      page.open();
      Object.assign(document, { cookie: "" });
      draw(screen);
      return text();
    };
    const own = card({ state: "sending", unsent: ["report.create"], media: [photo] });
    outbox.value = [own];
    expect((await said(h(Waiting, { card: own }))).includes(t("medium.waiting"))).toBe(kept);
    expect((await said(h(OwnMedium, { medium: photo }))).includes(t("medium.waiting"))).toBe(kept);
    expect((await said(h(Hand, { id: "1" }))).includes(t("hand.what"))).toBe(kept);
    outbox.value = [{ ...own, state: "arrived" }];
    expect((await said(h(Home, {}))).includes(t("medium.waiting"))).toBe(kept);
    for (const state of ["sending", "answered"] as const)
      expect((await said(h(Stations, { card: card({ state }) }))).includes(t("state.saved"))).toBe(kept);
    expect((await said(h(Stations, { card: card({ state: "saved" }) }))).includes(t("state.saved"))).toBe(kept);
  });

  it.each([
    ["says that what was kept is safe", "aryk_kept=1", true],
    ["does not say so where nothing was", "", false],
  ])("%s", async (_, cookie, says) => {
    Object.assign(document, { cookie });
    actions.keeps.mockReturnValue(false);
    draw(h(Home, {}));
    expect((await text()).includes(t("error.unexpected"))).toBe(says);
  });
});

it.each([
  ["photo", "medium.wifi"],
  ["voice", "medium.waiting"],
] as const)("of a %s that has not left says where photos wait for Wi-Fi: %s", async (role, said) => {
  [photosOnWifi.value, mobileData.value] = [true, true];
  draw(h(OwnMedium, { medium: { ...photo, role } }));
  expect(await text()).toBe(t(said));
  [photosOnWifi.value, mobileData.value] = [false, null];
});

it("can be chosen before the first report that its photos wait for Wi-Fi", async () => {
  mobileData.value = true;
  draw(h(Home, {}));
  expect(await text()).toContain(t("wifi.photos"));
  mobileData.value = null;
});

it.each([
  [["sms", "email"], () => `${t("notify.number")} / ${t("notify.mail")}`],
  [["email"], () => t("notify.mail")],
])("asks for an address of a kind that notices can go to: %s", async (notices, kinds) => {
  reference.value = { notices } as unknown as Reference;
  draw(h(Notify, { card: card({ receipt: "7KQM", state: "arrived" }) }));
  (await drawn()).one("button", t("notify.open")).fire("click");
  (await drawn()).one("input").fire("input", { value: "nobody@" });
  (await drawn()).one("form").fire("submit");
  expect((await drawn()).all("div").at(-1)?.text).toBe(t("review.missing", { what: kinds() }));
});

describe("an office that is left out, and not in the list that came since", () => {
  const lists = (offices: object[]) => {
    reference.value = { rayons: [], aimaks: [], categories: [], villages: [], offices } as unknown as Reference;
  };
  const shows = async (said: string) => {
    draw(h(Who, {}));
    const select = (await drawn()).one("select");
    expect([select.value, select.text.includes(said)]).toEqual(["irrigation", true]);
    draw(h(Review, {}));
    expect(await text()).toContain(t("review.not_seen_by", { office: said }));
  };

  it("is named, and stays left out", async () => {
    lists([{ code: "irrigation", names: { ky: "Суу башкармасы" } }]);
    edit({ accuses: "named", about_office: null });
    draw(h(Who, {}));
    (await drawn()).one("select").fire("change", { value: "irrigation" });
    await shows("Суу башкармасы");
    lists([]);
    await shows("Суу башкармасы");
    // Chosen before its names were kept with it.
    edit({ officeNames: undefined });
    await shows("irrigation");
    expect(draft.value.about_office).toBe("irrigation");
    edit({ accuses: null, about_office: null });
  });
});

describe("is said to who cannot see it", () => {
  const announced = async () => (await drawn()).all("div").filter(({ role }) => role === "status");

  it("that other people may read from now on", async () => {
    draw(h(Readers, { card: card({ readBy: [], audience: "office" }) }));
    (await drawn()).one("button", t("audience.change")).fire("click");
    expect(await announced()).toEqual([]);
    (await drawn()).one("input").fire("change", { checked: true });
    await vi.waitFor(async () => expect((await announced())[0]?.text).toBe(t("audience.changed")));
  });

  it("that there is no such village", async () => {
    const rest = { rayons: [], aimaks: [], categories: [], offices: [] };
    const villages = [{ code: "1", names: { ky: "Ак-Сай" }, aimak: "", lat: 1, lon: 1 }];
    reference.value = { ...rest, villages } as unknown as Reference;
    draw(h(Where, {}));
    (await drawn()).one("input").fire("input", { value: "Wxyz" });
    expect((await announced())[0]?.text).toBe(t("where.none"));
  });
});

describe("a village", () => {
  const lists = (villages: object[]) => {
    const rest = { rayons: [], aimaks: [], categories: [], offices: [] };
    reference.value = { ...rest, villages } as unknown as Reference;
  };

  it.each([
    ["one report about another place came since", ["2", "1", null, "1"], "Ак-Сай"],
    ["there is one of each", ["2", "1"], "Көк-Таш"],
  ])("stands first where most is reported from, or else from where it was last: %s", async (_, places, first) => {
    const [one, other] = ["Ак-Сай", "Көк-Таш"].map((ky, at) => ({ code: `${at + 1}`, names: { ky }, aimak: "" }));
    lists([{ code: "0", names: { ky: "Самаркандек" }, aimak: "" }, one ?? {}, other ?? {}]);
    edit({ village: null, position: null });
    outbox.value = places.map((village) => card({ village }));
    draw(h(Where, {}));
    const [top, next] = (await drawn()).all("li");
    expect(top?.text).toContain(first);
    expect(top?.text).toContain(t("where.usual"));
    expect(next?.text).not.toContain(t("where.usual"));
  });

  it("has its name before the report is saved, also when the phone has another rayon's list by then", async () => {
    lists([{ code: "1", names: { ky: "Ак-Сай" }, aimak: "", lat: 1, lon: 1 }]);
    draw(h(Where, {}));
    (await drawn()).one("button", "Ак-Сай").fire("click");
    expect(draft.value.village).toBe("1");
    lists([]);
    draw(h(Review, {}));
    expect(await text()).toContain("Ак-Сай");
  });
});

describe("the line about the connection", () => {
  it.each([
    ["1970-01-02", "net.clock"],
    ["2026-11-30", "net.offline"],
  ])("says by a clock of %s: %s", async (day, said) => {
    vi.spyOn(Date, "now").mockReturnValue(Date.parse(day));
    connection.value = { state: "offline", lastSyncMs: null, waiting: true };
    draw(h(ConnectionLine, { busy: false }));
    expect(await text()).toBe(t(said));
    vi.restoreAllMocks();
  });
});

describe("what the server would not take", () => {
  it.each([
    ["receipt_taken", "code.receipt_taken"],
    ["changed", "code.receipt_taken"],
    ["unknown_village", "code.unknown"],
    ["invalid", "code.other"],
    [null, "code.other"],
  ])("for %s is said in whole words: %s", (code, id) => {
    expect(sentence(code)).toBe(t(id));
    expect(t(id)).not.toMatch(/^$|[{}a-z…]/);
  });
});
