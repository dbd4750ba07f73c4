import { readFileSync } from "node:fs";
import fc from "fast-check";
import decodeQR from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { Collection, framesOf } from "../../src/model/frames";
import { pack, unpack } from "../../src/model/handed";
import { QR_CHARACTERS, QR_SIZE, qrOf } from "../../src/model/qr";

const SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const envelope = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** As a camera would see it, three pixels a module. */
function pictured(modules: boolean[][]): { width: number; height: number; data: Uint8Array } {
  const scale = 3;
  const side = (QR_SIZE + 8) * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  modules.forEach((row, down) => {
    row.forEach((dark, right) => {
      if (!dark) return;
      for (let pixel = 0; pixel < scale * scale; pixel++) {
        const y = (down + 4) * scale + Math.floor(pixel / scale);
        const x = (right + 4) * scale + (pixel % scale);
        data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    });
  });
  return { width: side, height: side, data };
}

describe("QR codes", () => {
  it("are read by somebody else's reader, whatever they say", () => {
    const text = fc.string({ unit: fc.constantFrom(...SYMBOLS), minLength: 1, maxLength: QR_CHARACTERS });
    fc.assert(
      fc.property(text, (said) => {
        expect(decodeQR(pictured(qrOf(said)))).toBe(said);
      }),
      { numRuns: 40 },
    );
    expect(decodeQR(pictured(qrOf("A".repeat(QR_CHARACTERS))))).toBe("A".repeat(QR_CHARACTERS));
  });

  it("are read as well where they hold more than capitals, as an address does", () => {
    const ascii = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
      maxLength: 213,
    });
    fc.assert(
      fc.property(ascii, (said) => {
        expect(decodeQR(pictured(qrOf(`${said.slice(0, 212)}~`)))).toBe(`${said.slice(0, 212)}~`);
      }),
      { numRuns: 40 },
    );
  });

  it("refuse what does not fit in", () => {
    expect(() => qrOf("A".repeat(QR_CHARACTERS + 1))).toThrow(RangeError);
    expect(() => qrOf("a".repeat(214))).toThrow(RangeError);
    expect(() => qrOf("ү")).toThrow(RangeError);
  });
});

describe("a loop of frames", () => {
  it("is written and read as the vector that another program made", () => {
    const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/frames.json", import.meta.url), "utf8"));
    const file = Uint8Array.from(Buffer.from(vector.file, "hex"));
    expect(framesOf(file)).toEqual(vector.frames);
    const seen = new Collection();
    for (const frame of vector.frames) seen.add(frame);
    expect(seen.file).toEqual(file);
  });

  it("gives the file back in any order, with doubles", async () => {
    const file = await pack({ envelopes: [envelope(1500), envelope(801)], media: [] });
    const frames = framesOf(file);
    const seen = new Collection();
    for (const frame of [...frames].reverse().concat(frames)) expect(seen.add(frame)).toBe(true);
    expect(seen.file).toEqual(file);
    expect((await unpack(seen.file as Uint8Array<ArrayBuffer>)).envelopes).toHaveLength(2);
  });

  it("fits into a code, whatever the bytes", async () => {
    for (const length of [1, 2, 193, 1000, 60_000]) {
      for (const frame of framesOf(await pack({ envelopes: [envelope(length)], media: [] }))) {
        expect(frame.length).toBeLessThanOrEqual(QR_CHARACTERS);
      }
    }
  });

  it("says which frame is missing and goes on when it is seen", async () => {
    const frames = framesOf(await pack({ envelopes: [envelope(1200)], media: [] }));
    const seen = new Collection();
    frames.forEach((frame, at) => {
      if (at !== 2) seen.add(frame);
    });
    expect(seen.missing).toEqual([3]);
    expect(seen.file).toBeNull();
    seen.add(frames[2] as string);
    expect(seen.missing).toEqual([]);
    expect(seen.file).not.toBeNull();
  });

  it("begins anew with another set and passes over what is no frame", async () => {
    const [one, other] = await Promise.all([900, 500].map((size) => pack({ envelopes: [envelope(size)], media: [] })));
    const seen = new Collection();
    seen.add(framesOf(one as Uint8Array)[0] as string);
    for (const strange of [
      "",
      "https://example.org",
      "ARYK1",
      "ARYK100000000001001",
      "ARYK100000000002001AA",
      "ARYK100000000001001:::",
    ]) {
      expect(seen.add(strange)).toBe(false);
    }
    for (const frame of framesOf(other as Uint8Array)) seen.add(frame);
    expect(seen.file).toEqual(other);
  });
});
