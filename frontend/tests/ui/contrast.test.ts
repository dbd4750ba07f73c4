import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(resolve(import.meta.dirname, "../../src/styles/tokens.css"), "utf8");
const [day = "", night = ""] = css.split("@media (prefers-color-scheme: dark)");
const tokens = (block: string) =>
  Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map((found) => [found[1], found[2]]));
const THEMES = { day: tokens(day), night: { ...tokens(day), ...tokens(night) } };

/** Words on what they stand on; the light is the sun of a field at noon, or none at all. */
const PAIRS = [
  ["ink", "paper"],
  ["ink", "raised"],
  ["ink", "wash"],
  ["soft", "paper"],
  ["soft", "raised"],
  ["soft", "wash"],
  ["water", "paper"],
  ["water", "raised"],
  ["water", "wash"],
  ["on-water", "water"],
  ["danger", "paper"],
  ["danger", "raised"],
  ["danger", "danger-wash"],
  ["on-danger", "danger"],
  ["good", "paper"],
  ["good", "raised"],
] as const;

/** Relative luminance as in WCAG 2. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(THEMES))("by %s", (_, theme) => {
  it.each(["paper", "raised"])("the edge of what can be touched is seen on %s, 3:1 or better", (ground) => {
    expect(contrast(theme.line ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(3);
  });

  it.each(PAIRS)("%s can be read on %s, 7:1 or better", (words, ground) => {
    expect(contrast(theme[words] ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(7);
  });
});

it("knows black on white", () => {
  expect(contrast("#000", "#ffffff")).toBeCloseTo(21);
});
