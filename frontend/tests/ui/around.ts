/** What a page has around it, as much of it as screens ask for; imported before they are. */
import { afterEach, beforeEach, vi } from "vitest";
import type { Card } from "../../src/model";
import * as page from "./page";

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("scrollTo", () => undefined);
vi.stubGlobal("location", { hash: "", pathname: "/", origin: "https://aryk.example" });
vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, 0));
vi.stubGlobal("cancelAnimationFrame", clearTimeout);
const gone = vi.fn();
vi.stubGlobal("history", { state: { depth: 1, path: "/" }, pushState: gone, replaceState: gone, go: gone });

export const photo = { id: "p", role: "photo", state: "expected" } as const;
const bare = { id: "1", media: [], talk: [], answers: [], unsent: [], verdict: null, state: "answered" };
export const card = (change: object) => ({ ...bare, ...change }) as unknown as Card;

/** Each test of a file has an empty page and an empty outbox, and nothing of it lasts. */
export function anewEachTime(): void {
  beforeEach(async () => {
    vi.clearAllMocks();
    page.open();
    const [{ speak }, { outbox }] = await Promise.all([import("../../src/i18n"), import("../../src/actions/signals")]);
    await speak("ky");
    outbox.value = [];
  });
  afterEach(() => page.draw(null));
}
