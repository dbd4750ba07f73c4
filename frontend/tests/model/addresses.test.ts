import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { addressOf } from "../../src/model/addresses";

const VECTORS = new URL("../../../tests/vectors/addresses.json", import.meta.url);
const { taken, refused } = JSON.parse(readFileSync(VECTORS, "utf8")) as {
  taken: { typed: string; address: string }[];
  refused: string[];
};
const BOTH = ["sms", "email"];

describe("an address for notices", () => {
  it.each(taken)("is read from “$typed” as the server takes it", ({ typed, address }) => {
    expect(addressOf(typed, BOTH)).toBe(address);
    expect(addressOf(address, BOTH)).toBe(address);
  });

  it.each(refused)("is not “%s”", (typed) => {
    expect(addressOf(typed, BOTH)).toBeNull();
  });

  it("is one that notices have a road to", () => {
    expect(addressOf("+996555000001", ["email"])).toBeNull();
    expect(addressOf("aijan@example.org", ["sms"])).toBeNull();
  });
});
