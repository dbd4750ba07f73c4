/** As much of a browser's page as drawing a screen and pressing what is on it needs. */
import { type ComponentChild, render } from "preact";

export class Place {
  children: Place[] = [];
  parentNode: Place | null = null;
  attributes = [];
  namespaceURI = "http://www.w3.org/1999/xhtml";
  value: unknown = undefined;
  checked: unknown = undefined;
  disabled: unknown = undefined;
  max: unknown = undefined;
  src: unknown = undefined;
  alt: unknown = undefined;
  autoplay: unknown = undefined;
  pause = (): void => undefined;
  role = "";
  style: Record<string, string> = {};
  private readonly listeners = new Map<string, (event: object) => void>();
  constructor(
    readonly nodeType: number,
    readonly localName = "",
    public data = "",
  ) {}
  get childNodes(): Place[] {
    return this.children;
  }
  get firstChild(): Place | null {
    return this.children[0] ?? null;
  }
  get nextSibling(): Place | null {
    const beside = this.parentNode?.children ?? [];
    return beside[beside.indexOf(this) + 1] ?? null;
  }
  get text(): string {
    return this.data + this.children.map(({ text }) => text).join("");
  }
  insertBefore(node: Place, before: Place | null): void {
    node.remove();
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, node);
    node.parentNode = this;
  }
  remove(): void {
    if (this.parentNode) this.parentNode.children = this.parentNode.children.filter((one) => one !== this);
    this.parentNode = null;
  }
  setAttribute(name: string, value: string): void {
    if (name === "role") this.role = value;
  }
  removeAttribute(): void {}
  focus(): void {}
  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.set(type, listener);
  }
  removeEventListener(type: string): void {
    this.listeners.delete(type);
  }
  /** Of this kind, in the order of the page. */
  all(name: string): Place[] {
    return this.children.flatMap((one) => [...(one.localName === name ? [one] : []), ...one.all(name)]);
  }
  one(name: string, text = ""): Place {
    const found = this.all(name).find((place) => place.text.includes(text));
    if (!found) throw new Error(`There is no ${name} “${text}” on: ${this.text}`);
    return found;
  }
  fire(type: string, change: Partial<Place> = {}): void {
    if (this.disabled) return;
    Object.assign(this, change);
    this.listeners.get(type)?.call(this, { type, currentTarget: this, target: this, preventDefault: () => undefined });
  }
}

let root: Place;

/** A new, empty page. */
export function open(): void {
  root = new Place(1, "div");
  Object.assign(globalThis, {
    document: {
      createElementNS: (_: string, name: string) => new Place(1, name),
      createTextNode: (text: string) => new Place(3, "", text),
      querySelectorAll: (name: string) => root.all(name),
    },
  });
}

export function draw(what: ComponentChild): void {
  render(what, root as unknown as Element);
}

/** The page once everything that is under way has been drawn. */
export async function drawn(): Promise<Place> {
  await new Promise((done) => setTimeout(done, 5));
  return root;
}
