/** A name is sealed to no other mediators' keys than its person was told of, however long the draft lay. */
import "fake-indexeddb/auto";
import { h } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keys } from "../../../tests/vectors/protected.json";
import server from "../../../tests/vectors/sealed.json";
import { setSession } from "../../src/actions/session";
import type { Reference } from "../../src/model";
import { fact, keepFact } from "../../src/store/facts";
import { type Own, openNew } from "../store/opened";
import * as page from "./page";
import { draw, drawn } from "./page";

let past = [{ path: "/", depth: 0 }];
vi.stubGlobal("addEventListener", (type: string, then: () => void) => type === "popstate" && setTimeout(then, 0));
vi.stubGlobal("removeEventListener", () => undefined);
vi.stubGlobal("scrollTo", () => undefined);
vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, 0));
vi.stubGlobal("cancelAnimationFrame", clearTimeout);
vi.stubGlobal("location", { hash: "", pathname: "/", protocol: "http:" });
vi.stubGlobal("document", { cookie: "" });
vi.stubGlobal("history", {
  get state() {
    return past.at(-1);
  },
  get length() {
    return past.length;
  },
  pushState: (state: (typeof past)[0]) => past.push(state),
  replaceState: (state: (typeof past)[0]) => past.splice(-1, 1, state),
  go: (steps: number) => past.splice(steps),
});

const { speak, t } = await import("../../src/i18n");
const { consent, drafts, draftsKept, loadDrafts, outbox, reference } = await import("../../src/actions");
const { Consent } = await import("../../src/ui/Consent");
const { draft, edit, goOn, saving, startReport } = await import("../../src/ui/report/draft");
const { Review } = await import("../../src/ui/report/Review");
const { Who } = await import("../../src/ui/report/Who");

const BEFORE = keys.map((key) => key.public);
const AFTER = [...BEFORE].reverse();
const SHOWN = { villages: [{ code: "1", names: {} }], rayons: [], offices: [], categories: [], languages: [] };
let own: Own;

/** As this tab, or another one, has fetched it. */
async function fetched(points: string[], { here = true } = {}): Promise<void> {
  const sync_key = { id: server.key_id, public: server.public };
  const found = { ...SHOWN, sync_key, group_keys: { office: "mediation", public: points } } as unknown as Reference;
  await keepFact(own.db, "reference", found);
  if (here) reference.value = found;
}

async function told(): Promise<boolean> {
  draw(null);
  draw(h(Who, {}));
  const known = (await fact(own.db, "reference"))?.group_keys?.public.join();
  await vi.waitFor(() => expect(draft.value.points).toBe(known));
  await drawn();
  const said = (await drawn()).text.includes(t("protect.others"));
  draw(null);
  return said;
}

/** A draft with a name, that was put away and is gone on with. */
async function named(): Promise<void> {
  startReport({ danger: false });
  edit({ category: "water-gate", village: "1", text: "The gate.", protect: true });
  edit({ identity: { name: "Айжан", address: "", contact: "0555" } });
  expect(await told()).toBe(false);
  await draftsKept();
  startReport({ danger: false });
  await loadDrafts();
  await goOn(drafts.value[0] as (typeof drafts.value)[0]);
}

/** Gives where that leads. */
async function press(screen: typeof Review, label: string): Promise<string | undefined> {
  const from = past.at(-1);
  draw(null);
  draw(h(screen, {}));
  const button = await vi.waitFor(async () => (await drawn()).one("button", t(label)));
  button.fire("click");
  await vi.waitFor(() => expect([saving.value, past.at(-1) !== from]).toEqual([false, true]));
  await drawn();
  return past.at(-1)?.path;
}

/** The ids of the keys that the name was sealed to. */
async function sealedTo(): Promise<string[]> {
  const [operation] = await own.db.getAll("operations");
  if (!operation?.opened) throw new Error("Nothing was saved.");
  const { body } = JSON.parse(await own.vault.open<string>(operation.opened)).operation;
  expect(body).not.toHaveProperty("points");
  return [body.protected.first.key, body.protected.second.key];
}

beforeEach(async () => {
  page.open();
  await speak("ky");
  past = [{ path: "/", depth: 0 }];
  [drafts.value, outbox.value] = [[], []];
  own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await fetched(BEFORE);
  await consent();
});
afterEach(() => draw(null));

it("is saved where they are the same still", async () => {
  await named();
  expect(await press(Review, "review.save")).toBe(`/saved/${outbox.value[0]?.id}`);
  expect(await sealedTo()).toEqual(keys.map(({ id }) => id));
  expect(await fact(own.db, "sealedTo")).toBe(BEFORE.join());
});

it.each([
  ["for the first time", undefined],
  ["as it was once before", BEFORE.join()],
])("%s, is not saved where they are others now, before its person was told so", async (_, last) => {
  if (last) await keepFact(own.db, "sealedTo", last);
  await named();
  await fetched(AFTER);
  expect(await press(Review, "review.save")).toBe("/report/who/change");
  expect(past.at(-2)?.path).toBe("/report/review");
  expect([outbox.value, await own.db.getAllKeys("operations")]).toEqual([[], []]);
  expect(await fact(own.db, "sealedTo")).toBe(last);
  expect(await told()).toBe(true);
  past.pop();
  expect(await press(Review, "review.save")).toBe(`/saved/${outbox.value[0]?.id}`);
  expect(await sealedTo()).toEqual(keys.map(({ id }) => id).reverse());
  expect(await fact(own.db, "sealedTo")).toBe(AFTER.join());
});

it("is sealed to those that its person was told of where others come while it is asked whether one agrees", async () => {
  await keepFact(own.db, "consent", 0);
  await named();
  expect(await press(Review, "review.save")).toBe("/consent/save");
  await fetched(AFTER);
  expect(await press(() => h(Consent, { of: "save" }), "consent.yes")).toBe(`/saved/${outbox.value[0]?.id}`);
  expect(await sealedTo()).toEqual(keys.map(({ id }) => id));
});

it("is given for those that another tab has fetched, where it is given anew", async () => {
  await named();
  await fetched(AFTER, { here: false });
  expect(await told()).toBe(true);
  expect(await press(Review, "review.save")).toBe(`/saved/${outbox.value[0]?.id}`);
  expect(await sealedTo()).toEqual(keys.map(({ id }) => id).reverse());
});
