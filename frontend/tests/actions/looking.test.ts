import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { lookUp } from "../../src/actions/looking";

beforeEach(() => vi.stubGlobal("location", { origin: "https://aryk.example" }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const problem = (status: number, code: string) => Response.json({ status, code }, { status });

it.each([
  ["the state", "answered", () => Response.json({ state: "answered" })],
  ["a receipt that is not here", "not_found", () => problem(404, "not_found")],
  ["one that was copied wrong", "malformed", () => problem(400, "malformed")],
  ["later", "offline", () => problem(429, "later")],
  ["a state of another server", "offline", () => Response.json({ state: "ok" })],
  ["a stranger's 404", "offline", () => new Response("<h1>Not found</h1>", { status: 404 })],
  ["a stranger's 400", "offline", () => Response.json("Bad request", { status: 400 })],
  ["a stranger's page", "offline", () => new Response("<h1>Pay here</h1>")],
  ["nothing", "offline", () => Promise.reject(new TypeError("Failed to fetch"))],
])("takes %s for: %s", async (_, looked, answer) => {
  vi.stubGlobal("fetch", async () => answer());
  expect(await lookUp("00000000000")).toBe(looked);
});

it("does not wait for ever", async () => {
  vi.useFakeTimers();
  const fetched = vi.fn(
    (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal?.addEventListener("abort", reject);
      }),
  );
  vi.stubGlobal("fetch", fetched);
  const looked = lookUp("00000000000");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await looked).toBe("offline");
  expect(fetched).toHaveBeenCalledTimes(1);
});
