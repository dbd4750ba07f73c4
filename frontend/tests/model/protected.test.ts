import { readFileSync } from "node:fs";
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { beforeAll, describe, expect, it } from "vitest";
import { fromBase64url, hex, joined } from "../../src/model/bytes";
import { type GroupKey, newGroupKey, openHalf, putTogether } from "../../src/model/opening";
import { keyOfPaper, paperOf } from "../../src/model/paper";
import { halfInfo, keyId, mixed, sealHalf, torn } from "../../src/model/protected";

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const who = { name: "Айжан Осмонова", address: "not sent", contact: "+996 555 000 001" };
const report = "0192f0c1-7d3a-7c4e-9a3b-5d1f6a2b3c4d";

let first: GroupKey;
let second: GroupKey;
const keys = () => [first, second].map(({ point }) => Buffer.from(point).toString("base64url"));

async function made(): Promise<GroupKey> {
  const { point, pkcs8 } = await newGroupKey();
  return { id: await keyId(point), point, pkcs8 };
}

async function importedTo(key: GroupKey) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const privateKey = await crypto.subtle.importKey("pkcs8", key.pkcs8, curve, true, ["deriveBits"]);
  return { privateKey, publicKey: await crypto.subtle.importKey("raw", key.point, curve, true, []) };
}

beforeAll(async () => {
  [first, second] = await Promise.all([made(), made()]);
});

describe("who makes a signal", () => {
  it("is put together out of both halves", async () => {
    const { first: one, second: other } = await torn(who, keys(), report);
    expect([one.key, other.key]).toEqual([first.id, second.id]);
    const halves = await Promise.all([
      openHalf(one.sealed, 1, first, report),
      openHalf(other.sealed, 2, second, report),
    ]);
    expect(putTogether(halves[0], halves[1])).toEqual({ name: who.name, contact: who.contact });
  });

  it("is noise in either half, another one each time, and always as long", async () => {
    const made = await Promise.all([torn(who, keys(), report), torn({ ...who, name: "A" }, keys(), report)]);
    for (const { first: one, second: other } of made) {
      for (const [sealed, n, key] of [
        [one.sealed, 1, first],
        [other.sealed, 2, second],
      ] as const) {
        expect(fromBase64url(sealed).length).toBe(65 + 512 + 16);
        const half = await openHalf(sealed, n, key, report);
        expect(Buffer.from(half).includes("996")).toBe(false);
        expect(new Set(half).size).toBeGreaterThan(200);
      }
    }
  });

  it("opens as no other half, of no other report and with no other key", async () => {
    const { first: one } = await torn(who, keys(), report);
    await expect(openHalf(one.sealed, 2, first, report)).rejects.toThrow();
    await expect(openHalf(one.sealed, 1, first, report.replace("0192", "0193"))).rejects.toThrow();
    await expect(openHalf(one.sealed, 1, second, report)).rejects.toThrow();
  });

  it("is not sealed at all when it does not fit", async () => {
    await expect(torn({ ...who, name: "Ж".repeat(256) }, keys(), report)).rejects.toThrow(RangeError);
    await expect(
      torn({ ...who, name: "漢".repeat(85), contact: "漢".repeat(85) }, keys(), report),
    ).resolves.toBeDefined();
  });

  it("is passed on by whoever consents, to whoever asks alone", async () => {
    const { second: other } = await torn(who, keys(), report);
    const half = await openHalf(other.sealed, 2, second, report);
    const passed = await sealHalf(half, 2, first.point, report);
    expect(hex(await openHalf(passed.sealed, 2, first, report))).toBe(hex(half));
    await expect(openHalf(passed.sealed, 2, second, report)).rejects.toThrow();
  });
});

describe("another implementation of HPKE", () => {
  it("opens what this one seals", async () => {
    const { first: one, second: other } = await torn(who, keys(), report);
    const halves = [];
    for (const [{ sealed, key: id }, n, key] of [
      [one, 1, first],
      [other, 2, second],
    ] as const) {
      const bytes = fromBase64url(sealed);
      const enc = bytes.slice(0, 65).buffer;
      const opening = { recipientKey: await importedTo(key), enc, info: halfInfo(id, n, report).buffer };
      halves.push(new Uint8Array(await suite.open(opening, bytes.slice(65).buffer)));
    }
    const words = Buffer.from(mixed(halves[0] as never, halves[1] as never)).toString();
    expect(words.replace(/\0+$/, "")).toBe(`${who.name}\n${who.contact}`);
  });

  it("seals what this one opens", async () => {
    const half = crypto.getRandomValues(new Uint8Array(512));
    const recipientPublicKey = (await importedTo(first)).publicKey;
    const { enc, ct } = await suite.seal(
      { recipientPublicKey, info: halfInfo(first.id, 1, report).buffer },
      half.buffer,
    );
    const sealed = Buffer.from(joined(new Uint8Array(enc), new Uint8Array(ct))).toString("base64url");
    expect(hex(await openHalf(sealed, 1, first, report))).toBe(hex(half));
  });
});

describe("the vector that another client made", () => {
  const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/protected.json", import.meta.url), "utf8"));

  it("opens with the keys that are on its papers", async () => {
    const halves = [];
    for (const [at, part] of [vector.protected.first, vector.protected.second].entries()) {
      const { id, public: point, paper } = vector.keys[at];
      const pkcs8 = (await keyOfPaper(paper, fromBase64url(point))) as Uint8Array<ArrayBuffer>;
      expect(await paperOf(pkcs8)).toBe(paper);
      expect(await keyId(fromBase64url(point))).toBe(id);
      expect(part.key).toBe(id);
      halves.push(await openHalf(part.sealed, at + 1, { id, point: fromBase64url(point), pkcs8 }, vector.report));
    }
    const { name, contact } = putTogether(halves[0] as never, halves[1] as never);
    expect(`${name}\n${contact}`).toBe(vector.who);
  });
});

describe("a key on paper", () => {
  it("is the same key again, however it was copied", async () => {
    const paper = await paperOf(first.pkcs8);
    expect(paper).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){12}[0-9A-HJKMNP-TV-Z]{4}.$/);
    for (const copied of [paper, paper.toLowerCase().replace(/0/g, "o").replace(/ /g, "-"), paper.replace(/1/g, "I")]) {
      const pkcs8 = await keyOfPaper(copied, first.point);
      expect(pkcs8).not.toBeNull();
      const half = crypto.getRandomValues(new Uint8Array(512));
      const { sealed } = await sealHalf(half, 1, first.point, report);
      expect(hex(await openHalf(sealed, 1, { ...first, pkcs8: pkcs8 as never }, report))).toBe(hex(half));
    }
  });

  it("is not taken with any one sign wrong, two in each other's place, one missing, or for another point", async () => {
    const paper = (await paperOf(first.pkcs8)).replace(/ /g, "");
    for (let at = 0; at < paper.length; at++) {
      const other = paper[at] === "7" ? "8" : "7";
      expect(await keyOfPaper(paper.slice(0, at) + other + paper.slice(at + 1), first.point)).toBeNull();
    }
    const at = [...paper].findIndex((sign, n) => n < 50 && sign !== paper[n + 1]);
    const swapped = paper.slice(0, at) + paper[at + 1] + paper[at] + paper.slice(at + 2);
    expect(await keyOfPaper(swapped, first.point)).toBeNull();
    expect(await keyOfPaper(paper.slice(1), first.point)).toBeNull();
    expect(await keyOfPaper(paper, second.point)).toBeNull();
  });
});
