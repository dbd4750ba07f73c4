/** Nothing longer than the server takes is sent, and nothing of it is cut. */
import "fake-indexeddb/auto";
import { h, render } from "preact";
import { beforeEach, expect, it, vi } from "vitest";
import { openNew } from "../store/opened";

/** As much of a browser's document as drawing a form needs. */
class Part {
  nodeType = 1;
  namespaceURI = "http://www.w3.org/1999/xhtml";
  attributes = [];
  childNodes: Part[] = [];
  parentNode: Part | null = null;
  data = "";
  value: unknown;
  disabled: unknown;
  style = {};
  constructor(readonly localName = "") {}
  get firstChild(): Part | null {
    return this.childNodes[0] ?? null;
  }
  get nextSibling(): Part | null {
    const beside = this.parentNode?.childNodes ?? [];
    return beside[beside.indexOf(this) + 1] ?? null;
  }
  insertBefore(part: Part, before: Part | null): void {
    part.remove();
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, part);
    part.parentNode = this;
  }
  removeChild(part: Part): void {
    part.remove();
  }
  remove(): void {
    if (this.parentNode) this.parentNode.childNodes = this.parentNode.childNodes.filter((one) => one !== this);
    this.parentNode = null;
  }
  setAttribute(): void {}
  removeAttribute(): void {}
  addEventListener(): void {}
  all(name: string): Part[] {
    return this.childNodes.flatMap((part) => [...(part.localName === name ? [part] : []), ...part.all(name)]);
  }
}

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { hash: "", pathname: "/" });
vi.stubGlobal("history", { state: null });
vi.stubGlobal("document", {
  createElementNS: (_: string, name: string) => new Part(name),
  createTextNode: (text: string) => Object.assign(new Part(), { nodeType: 3, data: text }),
});

const { draftsKept, keepWords } = await import("../../src/actions");
const { setSession } = await import("../../src/actions/session");
const { Speech } = await import("../../src/ui/Speech");

beforeEach(async () => {
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
  const root = new Part("div");
  render(h(Speech, { of: "report", label: "solved.why", most: 2000, say: async () => undefined }), root as never);
  await vi.waitFor(() => expect(root.all("textarea")[0]?.value).toBe(begun));
  await vi.waitFor(() => expect(root.all("button")[0]?.disabled).toBe(tooLong));
});
