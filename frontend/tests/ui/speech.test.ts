/** Nothing longer than the server takes is sent, and nothing of it is cut. */
import "fake-indexeddb/auto";
import { h } from "preact";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openNew } from "../store/opened";
import { draw, drawn, open } from "./page";

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { hash: "", pathname: "/" });
vi.stubGlobal("history", { state: {} });
const { begunAfter, draftsKept, keepWords } = await import("../../src/actions");
const { inTurn } = await import("../../src/actions/drafting");
const { setSession } = await import("../../src/actions/session");
const { Speech } = await import("../../src/ui/Speech");

beforeEach(async () => {
  open();
  const own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
});

it.each([
  ["а".repeat(2000), false],
  ["а".repeat(2001), true],
  ["💧".repeat(2000), false],
])("what was begun where more may be said stays whole, and is not sent", async (begun, tooLong) => {
  keepWords("report", begun);
  await draftsKept();
  draw(h(Speech, { of: "report", label: "solved.why", most: 2000, say: async () => undefined }));
  const root = await drawn();
  await vi.waitFor(() => expect(root.all("textarea")[0]?.value).toBe(begun));
  await vi.waitFor(() => expect(root.all("button")[0]?.disabled).toBe(tooLong));
});

describe("what is typed before what was begun is looked up", () => {
  const begun = async () => (await begunAfter("report")).words;
  /** While something else is still being written, behind which the lookup waits. */
  const type = async (letters: string) => {
    let done = () => {};
    void inTurn(() => new Promise((written) => (done = written)));
    draw(h(Speech, { of: "report", label: "solved.why", most: 2000, say: async () => undefined }));
    const [area] = (await drawn()).all("textarea");
    expect(area?.value).toBe("");
    area?.fire("input", { value: letters });
    await drawn();
    done();
  };

  beforeEach(async () => {
    keepWords("report", "On Friday");
    await draftsKept();
  });

  it("goes behind it, and all of it is kept", async () => {
    await type(" or Saturday");
    await vi.waitFor(async () => expect((await drawn()).all("textarea")[0]?.value).toBe("On Friday or Saturday"));
    await vi.waitFor(async () => expect(await begun()).toBe("On Friday or Saturday"));
  });

  it("is kept behind it also where somebody leaves before that", async () => {
    await type(" or Saturday");
    draw(null);
    await vi.waitFor(async () => expect(await begun()).toBe("On Friday or Saturday"));
  });

  it("takes nothing away of it where nothing was typed", async () => {
    await type("");
    await drawn();
    expect(await begun()).toBe("On Friday");
  });
});
