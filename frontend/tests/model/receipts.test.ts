import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checks, grouped, newReceipt, parsed, receiptOf } from "../../src/model/receipts";

const VECTORS = resolve(import.meta.dirname, "../../../tests/vectors/receipts.json");
const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as { number: number; receipt: string }[];
const number = fc.integer({ min: 0, max: 2 ** 50 - 1 });

describe("a receipt", () => {
  it.each(vectors)("of $number is $receipt, as the server has it", ({ number, receipt }) => {
    expect(receiptOf(number)).toBe(receipt);
    expect(checks(receipt)).toBe(true);
  });

  it("checks, whatever its number", () => {
    fc.assert(fc.property(number, (one) => checks(receiptOf(one))));
  });

  it("no longer checks when one symbol was misread", () => {
    const place = fc.integer({ min: 0, max: 9 });
    const other = fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    fc.assert(
      fc.property(number, place, other, (one, at, symbol) => {
        const receipt = receiptOf(one);
        fc.pre(receipt.charAt(at) !== symbol);
        return !checks(receipt.slice(0, at) + symbol + receipt.slice(at + 1));
      }),
    );
  });

  it("no longer checks when two neighbours were swapped", () => {
    const place = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(number, place, (one, at) => {
        const receipt = receiptOf(one);
        const [left, right] = [receipt.charAt(at), receipt.charAt(at + 1)];
        fc.pre(left !== right);
        return !checks(receipt.slice(0, at) + right + left + receipt.slice(at + 2));
      }),
    );
  });

  it("uses all of its 50 random bits", () => {
    expect(newReceipt(new Uint8Array(7).fill(255))).toBe(receiptOf(2 ** 50 - 1));
    expect(newReceipt(new Uint8Array(7))).toBe(receiptOf(0));
    expect(newReceipt(new Uint8Array([1, 0, 0, 0, 0, 0, 0]))).toBe(receiptOf(2 ** 48));
  });

  it("is understood as somebody copied it: in groups, small, with letters for digits", () => {
    fc.assert(
      fc.property(number, (one) => {
        const receipt = receiptOf(one);
        expect(parsed(grouped(receipt).toLowerCase().replace(/0/g, "o").replace(/1/g, "l"))).toBe(receipt);
      }),
    );
  });

  it("is understood from a Cyrillic keyboard, whose letters look the same", () => {
    const typed = (receipt: string) =>
      [...receipt].map((one) => "АВСЕНКМРТХУ".charAt("ABCEHKMPTXY".indexOf(one)) || one);
    fc.assert(
      fc.property(number, (one) => {
        const receipt = receiptOf(one);
        expect(parsed(typed(receipt).join("").replace(/0/g, "О"))).toBe(receipt);
      }),
    );
    expect(parsed("Я0000000000")).toBeNull();
  });

  it("is not judged before it is whole, and never passes when it is too long", () => {
    const receipt = receiptOf(5);
    expect([parsed(receipt.slice(0, 10)), parsed(`${receipt}0`)]).toEqual([undefined, null]);
  });

  it("is shown in three groups", () => {
    expect(grouped("0123456789A")).toBe("0123-456-789A");
  });

  it.each([-1, 2 ** 50, 0.5, Number.NaN])("is not made of %s", (one) => {
    expect(() => receiptOf(one)).toThrow(RangeError);
  });
});
