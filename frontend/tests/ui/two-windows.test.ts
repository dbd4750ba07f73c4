/** One draft that is open in two windows: what a window says is saved is what that window showed, and nothing of the other's is lost. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { Draft, OwnReport, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { getDrafts, partsOf } from "../../src/store/drafts";
import { keepFact } from "../../src/store/facts";
import { type Own, openNew } from "../store/opened";

let own: Own;

/** The app as it runs in one window. */
class Window {
  constructor(
    readonly ui: typeof import("../../src/ui/report/draft"),
    readonly actions: typeof import("../../src/actions"),
    /** Somebody turns to it. */
    readonly focus: () => void,
  ) {}

  get shown(): Draft {
    return this.ui.draft.value;
  }

  record(said: string): void {
    const { id } = this.shown;
    const recording = this.actions.readyMedium(uuid7(), new Blob([said], { type: "audio/webm" }));
    this.actions.keepPart(id, recording.id, recording.blob);
    this.ui.addMedium(recording, id);
  }

  async saves(): Promise<OwnReport> {
    const id = await this.ui.save();
    return reportOf(id);
  }
}

async function opened(): Promise<Window> {
  vi.resetModules();
  const listening = new Map<string, () => void>();
  vi.stubGlobal("addEventListener", (name: string, hear: () => void) => listening.set(name, hear));
  const ui = await import("../../src/ui/report/draft");
  const one = new Window(ui, await import("../../src/actions"), () => listening.get("focus")?.());
  const { watchTheWorld } = await import("../../src/actions/watching");
  watchTheWorld(() => undefined);
  const { setSession } = await import("../../src/actions/session");
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined }, one.actions.loadDrafts);
  await one.actions.loadDrafts();
  await one.ui.resumeDraft();
  return one;
}

/** Both show the draft that the first has begun. */
async function two(begun: Partial<Draft>): Promise<[Window, Window]> {
  const one = await opened();
  one.ui.startReport({ danger: false });
  one.ui.edit({ category: "water-gate", village: "1", ...begun });
  await one.actions.draftsKept();
  const other = await opened();
  expect(other.shown.id).toBe(one.shown.id);
  return [one, other];
}

async function reportOf(id: string): Promise<OwnReport> {
  return own.vault.open((await own.db.get("reports", id))?.sealed as Uint8Array<ArrayBuffer>);
}

/** What is sent of each report, in the order in which they were saved. */
async function sent(): Promise<{ text: string; audience: string; about_office: string | null; media: number }[]> {
  const all = (await own.db.getAll("operations")).sort((one, other) => one.seq - other.seq);
  return Promise.all(
    all.map(async ({ opened }) => {
      const { operation } = JSON.parse(await own.vault.open<string>(opened as Uint8Array<ArrayBuffer>));
      const { text, audience, about_office } = operation.body;
      return { text, audience, about_office, media: operation.media.length };
    }),
  );
}

async function drafts(): Promise<{ id: string; text: string; parts: string[] }[]> {
  const all = await getDrafts(own.db, own.vault);
  return Promise.all(
    all.map(async ({ id, text }) => ({
      id,
      text,
      parts: (await partsOf(own.db, own.vault, id)).map(({ bytes }) => new TextDecoder().decode(bytes)),
    })),
  );
}

beforeEach(async () => {
  // Neither window hears of the other.
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("location", { hash: "", pathname: "/", protocol: "http:" });
  vi.stubGlobal("document", { cookie: "", addEventListener: () => undefined });
  vi.stubGlobal("history", { state: { path: "/" }, pushState: () => undefined });
  own = await openNew();
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
});

afterEach(() => vi.unstubAllGlobals);

describe("two windows side by side", () => {
  it("fewer readers, an office that may not know and a recording are not saved as what the other still shows", async () => {
    const [a, b] = await two({ text: "The gate was closed.", audience: "border" });
    b.ui.edit({ audience: "mediator", about_office: "okmotu" });
    b.record("for three days");
    await b.actions.draftsKept();
    await expect(a.ui.save()).rejects.toThrow();
    expect([await sent(), a.shown.audience, a.shown.about_office]).toEqual([[], "mediator", "okmotu"]);
    await vi.waitFor(() => expect(a.ui.recordings.value).toHaveLength(1));
    const { receipt } = await b.saves();
    expect(await sent()).toEqual([
      { text: "The gate was closed.", audience: "mediator", about_office: "okmotu", media: 1 },
    ]);
    // Now it shows the same.
    expect((await a.saves()).receipt).toBe(receipt);
    expect(await drafts()).toEqual([]);
  });

  it("words are not said to be saved by whom has saved only what was said", async () => {
    const [a, b] = await two({});
    a.record("said");
    await a.actions.draftsKept();
    await b.actions.loadDrafts();
    await vi.waitFor(() => expect(b.ui.recordings.value).toHaveLength(1));
    const first = await a.saves();
    b.ui.edit({ text: "The gate was closed." });
    await expect(b.ui.save()).rejects.toThrow();
    await b.actions.draftsKept();
    expect(await drafts()).toEqual([{ id: b.shown.id, text: "The gate was closed.", parts: ["said"] }]);
    const second = await b.saves();
    expect(second.receipt).not.toBe(first.receipt);
    expect((await sent()).map(({ text, media }) => [text, media])).toEqual([
      ["", 1],
      ["The gate was closed.", 1],
    ]);
    expect(await drafts()).toEqual([]);
  });

  it("other words stay, with what was said", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    await a.saves();
    b.ui.edit({ text: "It is closed again." });
    b.record("said");
    await expect(b.ui.save()).rejects.toThrow();
    await b.actions.draftsKept();
    expect(await drafts()).toEqual([{ id: b.shown.id, text: "It is closed again.", parts: ["said"] }]);
    expect(b.ui.recordings.value).toHaveLength(1);
  });

  it("other words stay where they are until they are kept as another report", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    await a.saves();
    b.ui.edit({ text: "It is closed again." });
    await b.actions.draftsKept();
    const put = vi.spyOn(own.db, "put").mockRejectedValue(new DOMException("full", "QuotaExceededError"));
    const { id } = b.shown;
    await expect(b.ui.save()).rejects.toThrow();
    await b.actions.draftsKept();
    expect(await drafts()).toEqual([{ id, text: "It is closed again.", parts: [] }]);
    put.mockRestore();
    b.ui.edit({ text: "It is closed once more." });
    await b.actions.draftsKept();
    expect(await drafts()).toContainEqual({ id: b.shown.id, text: "It is closed once more.", parts: [] });
  });

  it("what was taken back is not said to be saved", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    const { id } = await a.saves();
    await a.actions.withdraw(id);
    await expect(b.ui.save()).rejects.toThrow();
    expect((await b.saves()).text).toBe("The gate was closed.");
  });

  it("what both show the same is one report", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    const { receipt } = await a.saves();
    expect((await b.saves()).receipt).toBe(receipt);
    expect([(await sent()).length, await drafts()]).toEqual([1, []]);
  });

  it("what both changed at once is two, also where the clock stands behind what was begun", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    vi.spyOn(Date, "now").mockReturnValue(1);
    a.ui.edit({ text: "For four days." });
    await a.saves();
    b.ui.edit({ text: "For three days." });
    await expect(b.ui.save()).rejects.toThrow();
    expect((await b.saves()).text).toBe("For three days.");
  });
});

describe("a window that somebody comes back to", () => {
  it("saves nothing before it has read what the other wrote and said", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    b.ui.edit({ text: "For three days." });
    b.record("said");
    await b.actions.draftsKept();
    // It reads, and somebody is quicker.
    a.focus();
    await expect(a.ui.save()).rejects.toThrow();
    expect(await drafts()).toEqual([{ id: b.shown.id, text: "For three days.", parts: ["said"] }]);
    expect(a.shown.text).toBe("For three days.");
  });

  it("writes on in what the other wrote, also while its recordings are read, and waits with saving for these", async () => {
    const [a, b] = await two({ text: "The gate was closed.", audience: "border" });
    b.ui.edit({ audience: "mediator" });
    b.record("said");
    await b.actions.draftsKept();
    a.focus();
    await a.actions.draftsKept();
    expect([a.shown.audience, a.ui.preparing.value]).toEqual(["mediator", 1]);
    a.ui.edit({ text: "For three days." });
    await vi.waitFor(() => expect(a.ui.preparing.value).toBe(0));
    expect(a.ui.recordings.value).toHaveLength(1);
    expect((await a.saves()).audience).toBe("mediator");
    expect(await sent()).toMatchObject([{ text: "For three days.", audience: "mediator", media: 1 }]);
  });

  it("keeps what is said in it while the other's recordings are read", async () => {
    const [a, b] = await two({ text: "The gate was closed." });
    b.record("there");
    await b.actions.draftsKept();
    const { getAllFromIndex } = own.db;
    own.db.getAllFromIndex = async (...asked: Parameters<typeof getAllFromIndex>) => {
      own.db.getAllFromIndex = getAllFromIndex;
      const found = await getAllFromIndex(...asked);
      a.record("here");
      await a.actions.draftsKept();
      return found;
    };
    a.focus();
    await a.actions.draftsKept();
    await vi.waitFor(() => expect(a.ui.preparing.value).toBe(0));
    expect(a.ui.recordings.value).toHaveLength(2);
  });
});
