/** What a page has around it, as much of it as screens ask for; imported before they are. */
import { vi } from "vitest";
import type { Card } from "../../src/model";

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
