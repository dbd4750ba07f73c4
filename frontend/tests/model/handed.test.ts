import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BadFile,
  type CarriedMedium,
  type Load,
  MOST_BYTES,
  MOST_ENVELOPES,
  pack,
  parted,
  unpack,
} from "../../src/model/handed";

const vector = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../../tests/vectors/handed.json"), "utf8"));
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const hexOf = (content: Uint8Array | ArrayBuffer) => Buffer.from(content as Uint8Array).toString("hex");

const load: Load = {
  envelopes: vector.envelopes.map(bytes),
  media: vector.media.map((medium: Record<string, string>) => ({
    ...medium,
    bytes: bytes(medium.bytes as string).buffer,
  })),
};

function signed(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([content, createHash("sha256").update(content).digest()]));
}

async function refusal(file: Uint8Array<ArrayBuffer>): Promise<string> {
  return unpack(file).then(
    () => "taken",
    (trouble) => (trouble instanceof BadFile ? trouble.reason : "crashed"),
  );
}

describe("a file that is handed over", () => {
  it("has the bytes that the protocol's page writes down", async () => {
    expect(hexOf(await pack(load))).toBe(vector.file);
  });

  it("gives back what was put in", async () => {
    const read = await unpack(bytes(vector.file));
    expect(read.envelopes.map(hexOf)).toEqual(vector.envelopes);
    expect(read.media.map((medium) => ({ ...medium, bytes: hexOf(medium.bytes) }))).toEqual(vector.media);
  });

  it("is refused whole when any byte of it is another one", async () => {
    const whole = bytes(vector.file);
    for (let at = 0; at < whole.length; at++) {
      const broken = whole.slice();
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(await refusal(broken)).toBe(at < 4 ? "foreign" : at === 4 ? "newer" : "damaged");
    }
  });

  it.each<{ what: string; why: string; file: string }>(vector.refused)(
    "is refused for $what",
    async ({ why, file }) => {
      expect(await refusal(bytes(file))).toBe(why);
    },
  );

  it("is refused when it is cut short anywhere", async () => {
    const whole = bytes(vector.file);
    for (let end = 5; end < whole.length; end++) expect(await refusal(whole.slice(0, end))).toBe("damaged");
  });

  it("is refused with 10,000 operations in it", async () => {
    const one = Uint8Array.of(1, 0, 0, 0, 1, 1);
    const many = Buffer.concat([
      Uint8Array.of(0x41, 0x52, 0x59, 0x4b, 1, 0, 0, 0x27, 0x10),
      ...Array<Uint8Array>(10_000).fill(one),
    ]);
    expect(await refusal(signed(many))).toBe("too_much");
  });

  it.each([
    ["many", Array(1_001).fill(60), Array(3).fill(10)],
    ["large", [], Array(13).fill(5_000_000)],
    ["both", Array(700).fill(66_000), Array(20).fill(4_999_999)],
  ])("is several where there is more than one may hold: %s", async (_, letters: number[], photos: number[]) => {
    const envelopes = letters.map((size, at) => new Uint8Array(size).fill(at % 251));
    const media = photos.map((size, at) => ({
      ...(load.media[0] as CarriedMedium),
      mime: String(at),
      bytes: new ArrayBuffer(size),
    }));
    const files = parted({ envelopes, media });
    for (const one of files) {
      expect((await pack(one)).length).toBeLessThanOrEqual(MOST_BYTES);
      expect(one.envelopes.length + one.media.length).toBeLessThanOrEqual(MOST_ENVELOPES);
    }
    const order = files.flatMap((one) => one.envelopes);
    expect([order.length, order.every((one, at) => one === envelopes[at])]).toEqual([envelopes.length, true]);
    expect(files.flatMap((one) => one.media.map(({ mime }) => mime))).toEqual(media.map(({ mime }) => mime));
  });

  it("is refused when a photo's bytes are not those it names", async () => {
    const media = load.media.map((medium) => ({ ...medium, sha256: "00".repeat(32) }));
    expect(await refusal(await pack({ envelopes: [], media }))).toBe("damaged");
  });

  it("never crashes on what somebody made up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (tail) => {
        const head = Uint8Array.of(0x41, 0x52, 0x59, 0x4b, 1, 0, 0, 0, 1);
        expect(["taken", "damaged"]).toContain(await refusal(signed(Buffer.concat([head, tail]))));
      }),
      { numRuns: 300 },
    );
  });
});
