import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fromBase64url, hex, sha256 } from "../../src/model/bytes";
import { openMedium, sealMedium } from "../../src/model/media";
import { uuid7 } from "../../src/model/uuid7";

interface Vector {
  id: string;
  key: string;
  plain_bytes: number;
  bytes: number;
  sha256: string;
  sealed?: string;
}

const VECTORS = resolve(import.meta.dirname, "../../../tests/vectors/media.json");
const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as Vector[];

/** Byte n is n modulo 251. */
function counted(size: number): ArrayBuffer {
  return Uint8Array.from({ length: size }, (_, place) => place % 251).buffer;
}

describe("a sealed medium", () => {
  it.each(vectors)("of $plain_bytes bytes is what the server opens", async (vector) => {
    const plain = counted(vector.plain_bytes);
    const { id, key, bytes } = await sealMedium(plain, fromBase64url(vector.key));
    expect([id, key]).toEqual([vector.id, vector.key]);
    expect([bytes.length, await sha256(bytes)]).toEqual([vector.bytes, vector.sha256]);
    if (vector.sealed) expect(hex(bytes)).toBe(vector.sealed);
    expect((await openMedium(bytes.buffer, vector)).buffer).toEqual(plain);
  });

  it("has a key of its own each time", async () => {
    const [one, other] = [await sealMedium(counted(5)), await sealMedium(counted(5))];
    expect(one.key).not.toBe(other.key);
    expect(one.id).not.toBe(other.id);
    expect(fromBase64url(one.key)).toHaveLength(32);
  });

  it("does not open when it was cut, or as another medium", async () => {
    const { id, key, bytes } = await sealMedium(counted(70_000));
    await expect(openMedium(bytes.buffer.slice(0, 65_552), { id, key })).rejects.toThrow();
    await expect(openMedium(bytes.buffer, { id: uuid7(), key })).rejects.toThrow();
  });

  it("is not made of nothing", async () => {
    await expect(sealMedium(new ArrayBuffer(0))).rejects.toThrow(RangeError);
  });
});
