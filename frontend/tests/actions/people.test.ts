/** The page begins anew for whoever comes, or leaves; who comes to a lock takes along the villages that are known behind it. */
import "fake-indexeddb/auto";
import { beforeEach, expect, it, vi } from "vitest";

const body = { hidden: false };
let chosen: string | null = null;
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { reload: () => undefined });
vi.stubGlobal("history", { state: { depth: 2, path: "/phone", left: "." }, replaceState: vi.fn() });
vi.stubGlobal("sessionStorage", {
  getItem: () => chosen,
  setItem: (_: string, id: string) => {
    chosen = id;
  },
});
vi.stubGlobal("document", { body, cookie: "" });

const { addPerson, comeAs } = await import("../../src/actions/people");
const { awaitAtEnd } = await import("../../src/actions/drafting");
const { fact, keepFact } = await import("../../src/store/facts");
const { addProfile, openProfile } = await import("../../src/store/opening");

beforeEach(() => {
  body.hidden = false;
});

it("shows nothing of whoever was here while a photo is made ready, but the calendar of who leaves", async () => {
  let made = () => {};
  awaitAtEnd(
    new Promise<void>((end) => {
      made = end;
    }),
  );
  const left = comeAs("one", "#/days");
  expect(body.hidden).toBe(false);
  const other = comeAs(null);
  expect(body.hidden).toBe(true);
  made();
  await Promise.all([left, other]);
});

it("counts what lies before the page that begins anew", async () => {
  await comeAs("one");
  expect(history.replaceState).toHaveBeenLastCalledWith({ depth: 2, path: "", left: "." }, "", "/");
});

it("has the villages of the one at whose lock somebody new begins, and not those of the oldest", async () => {
  const [oldest, other] = [await addProfile(1), await addProfile(2)];
  await keepFact(await openProfile(oldest.id), "rayon", "batken");
  await keepFact(await openProfile(other.id), "rayon", "leylek");
  chosen = other.id;
  await addPerson();
  expect(chosen).not.toBe(other.id);
  expect(await fact(await openProfile(chosen), "rayon")).toBe("leylek");
});
