/** What is pressed on a screen is done once, and what comes of it late does not come over what is there by then. */
import { h } from "preact";
import { describe, expect, it, vi } from "vitest";
import type { Listener } from "../../src/actions/voice";
import type { Reference, SealedIdentity } from "../../src/model";
import { anewEachTime, card, photo } from "./around";
import { draw, drawn, Place } from "./page";

const actions = vi.hoisted(() => ({
  ...{ lookUp: vi.fn(), chooseRayon: vi.fn(), appeal: vi.fn(), begunAppeal: vi.fn(), tape: vi.fn() },
  ...{ mediumUrl: vi.fn(), locate: vi.fn() },
  ...{ canRecord: () => true, begunAfter: async () => ({ words: "" }) },
  ...{ keepWords: () => undefined, keepAppeal: () => undefined },
}));
vi.mock(import("../../src/actions"), async (real) => ({ ...((await real()) as object), ...actions }) as never);
const addFollowUp = vi.hoisted(() => vi.fn());
const askToOpen = vi.hoisted(() => vi.fn());
vi.mock(import("../../src/actions/mediating"), () => ({ addFollowUp }) as never);
vi.mock(
  import("../../src/actions/opening"),
  () => ({ askToOpen, askOf: String, mine: String, unsettled: async () => [] }) as never,
);

const { reference } = await import("../../src/actions");
const { t } = await import("../../src/i18n");
const { App } = await import("../../src/ui/App");
const { Appeal } = await import("../../src/ui/Appeal");
const { SetLock } = await import("../../src/ui/lock/SetLock");
const { LookUp } = await import("../../src/ui/LookUp");
const { Tongues } = await import("../../src/ui/Tongues");
const { Sound } = await import("../../src/ui/Sound");
const { Sure } = await import("../../src/ui/Sure");
const { Recorder } = await import("../../src/ui/report/Voice");
const { draft, edit } = await import("../../src/ui/report/draft");
const { RayonChoice, Where } = await import("../../src/ui/report/Where");
const { Identity } = await import("../../src/ui/room/Identity");
const { Visit } = await import("../../src/ui/room/Visit");
const { route } = await import("../../src/ui/route");

const text = async () => (await drawn()).text;

/** A promise, and what ends it. */
function pending<Value>() {
  let end: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

anewEachTime();

describe("what is asked once more", () => {
  const asked = (act: () => Promise<unknown>) =>
    draw(h(Sure, { sign: "withdrawn", open: "wipe.open", means: "wipe.means", yes: "wipe.yes", act }));
  const press = async (id: string) => (await drawn()).one("button", t(id)).fire("click");

  it("is done once, however often it is pressed", async () => {
    const { promise, end } = pending<void>();
    const act = vi.fn(() => promise);
    asked(act);
    await press("wipe.open");
    await press("wipe.yes");
    await press("wipe.yes");
    expect(act).toHaveBeenCalledTimes(1);
    end();
    await press("wipe.open");
    await press("wipe.yes");
    expect(act).toHaveBeenCalledTimes(2);
  });

  it("may be pressed again when it failed", async () => {
    const act = vi.fn(() => Promise.reject(new Error("full")));
    asked(act);
    await press("wipe.open");
    await press("wipe.yes");
    expect(await text()).toContain(t("solved.failed"));
    await press("wipe.yes");
    expect(act).toHaveBeenCalledTimes(2);
  });

  it("says that something still waits when it is done and may be asked again", async () => {
    asked(() => Promise.resolve(0));
    await press("wipe.open");
    await press("wipe.yes");
    expect(await text()).toBe(t("net.waiting") + t("wipe.open"));
  });
});

describe("what a mediator writes", () => {
  const sealed = { openings: [], holds: "k", office: null, report: "1" } as unknown as SealedIdentity;

  it.each([
    ["a follow-up", addFollowUp, () => h(Visit, { id: "1" }), "review.save"],
    ["a request to open who reports", askToOpen, () => h(Identity, { sealed }), "case.who_ask"],
  ])("is one, however often it is pressed: %s", async (_, act, screen, button) => {
    const { promise, end } = pending<void>();
    act.mockReturnValue(promise);
    draw(screen());
    (await drawn()).one("textarea").fire("input", { value: "The gate is open." });
    const pressed = (await drawn()).one("button", t(button));
    pressed.fire("click");
    await drawn();
    pressed.fire("click");
    end();
    for (const left of (await drawn()).all("button")) if (left.text === t(button)) left.fire("click");
    expect(act).toHaveBeenCalledTimes(1);
  });
});

describe("an appeal", () => {
  it("is made once, however often it is pressed, and again where it failed", async () => {
    const identity = { name: "А", address: "Б", contact: "В" };
    actions.begunAppeal.mockResolvedValue(identity);
    actions.appeal.mockReturnValueOnce(new Promise((_, reject) => setTimeout(reject, 30)));
    draw(h(Appeal, { card: card({ state: "with_office", track: "signal" }) }));
    const form = await vi.waitFor(async () => (await drawn()).one("form"));
    form.fire("submit");
    form.fire("submit");
    await vi.waitFor(async () => expect(await text()).toContain(t("solved.failed")));
    expect(actions.appeal).toHaveBeenCalledTimes(1);
    actions.appeal.mockResolvedValue(undefined);
    form.fire("submit");
    expect(actions.appeal).toHaveBeenCalledTimes(2);
  });
});

describe("what is chosen and has to be fetched", () => {
  const rayons = ["1", "2", "3"].map((code) => ({ code, names: { ky: code } }));
  const two = () => {
    const tried = new Map<string, () => void>();
    const choose = (code: string) =>
      new Promise<void>((_, reject) => {
        tried.set(code, () => reject(new Error("No network.")));
      });
    return { choose, fail: (code: string) => tried.get(code)?.() };
  };

  it.each(["rayon", "language"])(
    "shows the last choice and that it is under way, and then whether it failed: a %s",
    async (what) => {
      const { choose, fail } = two();
      actions.chooseRayon.mockImplementation(choose);
      const rest = { aimaks: [], categories: [], offices: [], villages: [] };
      reference.value = { ...rest, rayons, rayon: "1" } as unknown as Reference;
      const [before, first, last, said] =
        what === "rayon" ? ["1", "2", "3", "where.rayon_failed"] : ["ky", "ru", "tg", "language.failed"];
      draw(what === "rayon" ? h(RayonChoice, { instead: false }) : h(Tongues, { speak: choose }));
      const select = (await drawn()).one("select");
      select.fire("change", { value: first });
      expect(await text()).toContain(t("loading"));
      select.fire("change", { value: last });
      await drawn();
      if (what === "language") fail(first ?? "");
      expect(await text()).not.toContain(t(said ?? ""));
      expect(select.value).toBe(last);
      fail(last ?? "");
      expect(await text()).toContain(t(said ?? ""));
      expect(await text()).not.toContain(t("loading"));
      await vi.waitFor(() => expect(select.value).toBe(before));
    },
  );
});

describe("looking a receipt up", () => {
  const [first, second] = ["00000000000", "00000000011"];
  const type = async (receipt: string) => (await drawn()).one("input").fire("input", { value: receipt });

  it("shows no answer under a receipt that was typed meanwhile", async () => {
    const { promise, end } = pending<string>();
    actions.lookUp.mockReturnValue(promise);
    draw(h(LookUp, { of: first }));
    (await drawn()).one("form").fire("submit");
    await type(second);
    end("solved");
    expect(await text()).not.toContain(t("state.solved"));
    actions.lookUp.mockResolvedValue("answered");
    (await drawn()).one("form").fire("submit");
    expect(await text()).toContain(t("state.answered"));
  });

  it("begins anew where another receipt's link is opened meanwhile", async () => {
    route.value = ["receipt", first];
    draw(h(App, {}));
    actions.lookUp.mockResolvedValue("answered");
    (await drawn()).one("form").fire("submit");
    expect(await text()).toContain(t("state.answered"));
    route.value = ["receipt", second];
    expect(await text()).not.toContain(t("state.answered"));
    expect((await drawn()).one("input").value).toBe(second);
  });
});

describe("where the phone is", () => {
  const found = { lat: 40, lon: 70, accuracy_m: 12 };
  const looking = async () => {
    const { promise, end } = pending<typeof found>();
    actions.locate.mockReturnValueOnce(promise);
    const rest = { rayons: [], aimaks: [], categories: [], offices: [] };
    reference.value = { ...rest, villages: [{ code: "1", names: { ky: "Ак-Сай" } }] } as unknown as Reference;
    edit({ village: null, position: null });
    draw(h(Where, {}));
    (await drawn()).one("button", t("where.gps")).fire("click");
    expect(await text()).toContain(t("where.gps_wait"));
    await new Promise((looked) => setTimeout(looked, 60));
    return end;
  };

  it("is added while it is asked for", async () => {
    const end = await looking();
    end(found);
    await vi.waitFor(async () => expect(await text()).toContain(t("where.gps_got", { m: 12 })));
    expect(draft.value.position).toEqual(found);
  });

  it("is not added once somebody has gone on, also where it is looked for anew by then", async () => {
    const end = await looking();
    draw(null);
    const other = await looking();
    end(found);
    await drawn();
    expect(draft.value.position).toBeNull();
    other({ ...found, accuracy_m: 9 });
    await vi.waitFor(() => expect(draft.value.position?.accuracy_m).toBe(9));
  });
});

describe("a recording that comes late", () => {
  it.each(["visible", "hidden"])("plays by itself only where somebody still looks: the page is %s", async (seen) => {
    const { promise, end } = pending<string>();
    actions.mediumUrl.mockReturnValue(promise);
    draw(h(Sound, { medium: { ...photo, role: "voice", state: "ready" } }));
    (await drawn()).one("button", t("sound.hear")).fire("click");
    await drawn();
    Object.assign(document, { visibilityState: seen });
    end("blob:said");
    const recording = await vi.waitFor(async () => (await drawn()).one("audio"), { timeout: 3000 });
    expect(recording.autoplay).toBe(seen === "visible");
  });
});

it("leads whoever has set a code to where it is asked for once more, and keeps the keys where they are", async () => {
  const focused = vi.spyOn(Place.prototype, "focus");
  draw(h(SetLock, { to: "pin" }));
  const [heading, pad] = [(await drawn()).one("h2"), (await drawn()).one("fieldset")];
  expect(heading.text).toBe(t("lock.new_pin"));
  for (const digit of "2580") (await drawn()).one("button", digit).fire("click");
  (await drawn()).all("button").at(-1)?.fire("click");
  await vi.waitFor(() => expect(focused.mock.contexts.at(-1)).toBe(heading));
  expect([heading.text, (await drawn()).one("fieldset")]).toEqual([t("lock.again"), pad]);
});

it("wants to hear nobody who left while the phone asked whether it may listen, and begins anew elsewhere", async () => {
  actions.tape.mockReturnValue(new Promise(() => {}));
  const recorder = { of: "1", recordings: [], most: 1, add: () => undefined, remove: () => undefined };
  draw(h(Recorder, recorder));
  (await drawn()).one("button", t("voice.record")).fire("click");
  await new Promise((done) => setTimeout(done, 60));
  draw(null);
  draw(h(Recorder, recorder));
  (await drawn()).one("button", t("voice.record")).fire("click");
  const wanted = actions.tape.mock.calls.map(([listener]) => (listener as Listener).wanted());
  expect(wanted).toEqual([false, true]);
});
