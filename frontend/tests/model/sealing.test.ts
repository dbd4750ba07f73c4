import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fromBase64url, fromHex, hex, sha256 } from "../../src/model/bytes";
import { envelopeOf } from "../../src/model/envelopes";
import { sealBase } from "../../src/model/hpke";
import { seal, sealedTo } from "../../src/model/sealing";
import { tokensOf } from "../../src/model/secrets";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));
const key = { id: vector.key_id, public: vector.public };
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** As a server does it, with the vector's private key. */
async function unseal(envelope: Uint8Array): Promise<string> {
  const point = fromBase64url(vector.public);
  const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: b64(point.subarray(1, 33)),
    y: b64(point.subarray(33)),
    d: b64(fromHex(vector.private)),
  };
  const recipientKey = await suite.kem.importKey("jwk", jwk, false);
  const info = Buffer.concat([Buffer.from("aryk operation 1"), envelope.subarray(1, 5)]);
  const bytes = Uint8Array.from(envelope);
  const opening = { recipientKey, enc: bytes.slice(5, 70).buffer, info: Uint8Array.from(info).buffer };
  const packed = new Uint8Array(await suite.open(opening, bytes.slice(70).buffer));
  const content = packed.subarray(1);
  return Buffer.from(packed[0] === 1 ? inflateSync(content) : content).toString();
}

afterEach(() => vi.unstubAllGlobals());

describe("an envelope", () => {
  it("is opened by the server's key and by nothing in its bytes", async () => {
    const { bytes, digest } = await envelopeOf(vector.opened, key);
    expect(await unseal(bytes)).toBe(vector.opened);
    expect(digest).toBe(await sha256(bytes));
    expect(sealedTo(bytes)).toBe(vector.key_id);
    expect(Buffer.from(bytes).includes("water-gate")).toBe(false);
  });

  it("is another one each time, of the same content", async () => {
    const content = new TextEncoder().encode("the same");
    expect(hex(await seal(content, key))).not.toBe(hex(await seal(content, key)));
  });

  it("is made plain where the browser cannot compress", async () => {
    vi.stubGlobal("CompressionStream", undefined);
    const { bytes } = await envelopeOf(vector.opened, key);
    expect(await unseal(bytes)).toBe(vector.opened);
    expect(bytes.length).toBe(1 + 4 + 65 + 1 + Buffer.byteLength(vector.opened) + 16);
  });

  it("of the vector holds what the vector says", async () => {
    expect(await unseal(fromHex(vector.envelope))).toBe(vector.opened);
    expect(await sha256(fromHex(vector.envelope))).toBe(vector.digest);
    expect(await sha256(Uint8Array.from(Buffer.from(vector.opened)))).toBe(vector.hash);
  });

  it("carries the tokens that the vector's secret gives", async () => {
    const { write, read } = await tokensOf(fromHex(vector.secret));
    expect([write, read]).toEqual([vector.write_token, vector.read_token]);
    expect(JSON.parse(vector.opened).auth.write).toBe(write);
  });
});

describe("HPKE's sender", () => {
  it("is understood by another implementation, whatever is sealed", async () => {
    const { publicKey, privateKey } = await suite.kem.generateKeyPair();
    const point = new Uint8Array(await suite.kem.serializePublicKey(publicKey));
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Uint8Array.from(array));
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (info, content) => {
        const { enc, ct } = await sealBase(point, info, content);
        const opening = { recipientKey: privateKey, enc: enc.buffer, info: info.buffer };
        expect(new Uint8Array(await suite.open(opening, ct.buffer))).toEqual(content);
        await expect(suite.open({ ...opening, info: Uint8Array.of(...info, 1).buffer }, ct.buffer)).rejects.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it("seals to nothing that is no point of the curve", async () => {
    for (const point of [
      new Uint8Array(65),
      new Uint8Array(0),
      Uint8Array.from(fromBase64url(vector.public), (b) => b ^ 1),
    ]) {
      await expect(sealBase(point, new Uint8Array(0), new Uint8Array(1))).rejects.toThrow();
    }
  });
});
