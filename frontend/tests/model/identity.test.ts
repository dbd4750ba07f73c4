import { createHash, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64url, hex } from "../../src/model/bytes";
import { newSecret, tokensOf } from "../../src/model/secrets";
import { uuid7 } from "../../src/model/uuid7";

describe("a profile's tokens", () => {
  it("are what HKDF-SHA256 without salt gives elsewhere", async () => {
    const secret = newSecret();
    const read = Buffer.from(hkdfSync("sha256", secret, new Uint8Array(0), "aryk read 1", 32));
    const write = Buffer.from(hkdfSync("sha256", secret, new Uint8Array(0), "aryk write 1", 32));
    expect(await tokensOf(secret)).toEqual({
      read: read.toString("base64url"),
      write: write.toString("base64url"),
      readHash: createHash("sha256").update(read).digest("hex"),
    });
  });

  it("are 43 characters, as the server demands", async () => {
    expect((await tokensOf(newSecret())).read).toMatch(/^[\w-]{43}$/);
  });
});

describe("bytes as text", () => {
  it("are the same as Node's", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(hex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      }),
    );
  });
});

describe("an id", () => {
  it("is a UUID of version 7", () => {
    expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("matches the example of RFC 9562", () => {
    const random = new Uint8Array([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuid7(1645557742000, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("made later sorts later", () => {
    const moment = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(fc.property(moment, moment, (one, other) => one === other || one < other === uuid7(one) < uuid7(other)));
  });
});
