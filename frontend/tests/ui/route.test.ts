/** A screen that is opened once something is done does not take the place of one to which somebody has gone meanwhile. */
import { beforeEach, expect, it, vi } from "vitest";

let entries: unknown[] = [null];
let at = 0;
const place = { hash: "", pathname: "/" };
const heard = { popstate: new Set<() => void>(), pageshow: new Set<() => void>(), storage: new Set<() => void>() };
type Heard = keyof typeof heard;
vi.stubGlobal("addEventListener", (what: Heard, hear: () => void) => heard[what].add(hear));
vi.stubGlobal("removeEventListener", (what: Heard, hear: () => void) => heard[what].delete(hear));
vi.stubGlobal("location", place);
const noted = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (name: string) => noted.get(name) ?? null,
  setItem: (name: string, value: string) => noted.set(name, value),
});
/** How many a browser keeps. */
const MOST = 50;
vi.stubGlobal("history", {
  get length() {
    return entries.length;
  },
  get state() {
    return entries[at];
  },
  pushState: (state: unknown) => {
    entries = [...entries.slice(0, at + 1), state].slice(-MOST);
    at = entries.length - 1;
  },
  replaceState: (state: unknown) => {
    entries[at] = state;
    place.hash = "";
  },
  go: (steps: number) =>
    setTimeout(() => {
      if (!(at + steps in entries)) return;
      at += steps;
      for (const hear of [...heard.popstate]) hear();
    }),
});

const { go, goHome, route, vanish } = await import("../../src/ui/route");
const moment = () => new Promise((then) => setTimeout(then, 5));
const all = () => entries.map((state) => (state as { path: string } | null)?.path);

/** As a link in the same window does: an entry of its own, without a state. */
function comeBy(hash: string): void {
  entries = [...entries.slice(0, at + 1), null];
  at++;
  place.hash = hash;
  for (const hear of [...heard.popstate]) hear();
}

beforeEach(() => {
  [entries, at] = [[null], 0];
  noted.clear();
  go("/report/review", { replace: true });
});

it("opens where nobody has gone elsewhere", async () => {
  const from = route.value;
  go("/consent/save", { from });
  expect(route.value).toEqual(["consent", "save"]);
  goHome("/saved/1", route.value);
  await moment();
  expect(all()).toEqual(["/", "/saved/1"]);
});

it("leaves behind even more than the browser remembers", async () => {
  for (let left = 60; left > 0; left--) go("/mine/1");
  const then = vi.fn();
  vanish(then);
  await moment();
  expect(then).toHaveBeenCalledOnce();
  expect(all()).toEqual(["/days", "/days"]);
});

it.each([
  ["go", (from: string[]) => go("/room", { replace: true, from })],
  ["goHome", (from: string[]) => goHome("/saved/1", from)],
])("stays at the calendar: %s", async (_, late) => {
  go("/consent/save");
  const from = route.value;
  vanish(() => undefined);
  late(from);
  await moment();
  late(from);
  await moment();
  expect([route.value, all()]).toEqual([["days"], ["/days", "/days"]]);
});

it("stays at the calendar, and has nothing else behind it, though another screen was on its way", async () => {
  go("/consent/save");
  goHome("/saved/1");
  vanish(() => undefined);
  await moment();
  expect([route.value, all()]).toEqual([["days"], ["/days", "/days"]]);
});

it("stays where somebody came to the same screen a second time", () => {
  const from = route.value;
  go("/");
  go("/report/review");
  go("/consent/save", { from });
  expect(route.value).toEqual(["report", "review"]);
});

it("leaves nothing behind the calendar where an address from outside was opened over a report", async () => {
  go("/mine/1");
  comeBy("#/receipt/7KQM");
  expect(route.value).toEqual(["receipt", "7KQM"]);
  go("/room");
  vanish(() => undefined);
  await moment();
  expect([at, all()]).toEqual([1, ["/days", "/days"]]);
});

it.each(["popstate", "pageshow", "storage"] as const)(
  "shows the calendar, and no report, in what another document had shown: %s",
  async (what) => {
    go("/mine/1");
    const before = entries;
    vanish(() => undefined);
    await moment();
    for (const state of before.map((one) => ({ ...(one as object), left: null }))) {
      [entries, at] = [[state], 0];
      for (const hear of [...heard[what]]) hear();
      expect(route.value).toEqual(["days"]);
    }
  },
);

it("shows what was open, and nothing from before the way out, when a browser that was ended gives the tab back", async () => {
  noted.clear();
  [entries, at] = [
    [
      { depth: 0, path: "/mine/1", left: null },
      { depth: 1, path: "/report/words", left: "." },
    ],
    1,
  ];
  vi.resetModules();
  const begun = await import("../../src/ui/route");
  expect(begun.route.value).toEqual(["report", "words"]);
  at = 0;
  for (const hear of [...heard.popstate]) hear();
  expect(begun.route.value).toEqual(["days"]);
});

it("counts an entry without a state as the first one, but for an address that was opened over another", async () => {
  go("/room");
  go("/room/1");
  [entries[0], at] = [null, 0];
  for (const hear of [...heard.popstate]) hear();
  expect(entries[0]).toMatchObject({ depth: 0, path: "/" });
});

it("counts an address that was there when the page began anew as the entry that it is", () => {
  go("/phone");
  place.hash = "#/danger/report";
  for (const hear of [...heard.popstate]) hear();
  expect(entries[at]).toMatchObject({ depth: 1, path: "/danger/report" });
});
