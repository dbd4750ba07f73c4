import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { packed } from "../../src/model/letters";
import { formOf, narrowed, type Placed, smsOf } from "../../src/model/sms";

const read = (name: string) =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../tests/vectors/${name}`), "utf8"));
const vector = read("sms.json");
const sealed = read("sealed.json");
const operation = vector.operation as Placed;
const key = { id: sealed.key_id, public: sealed.public };

const saying = (text: string): Placed => ({ ...operation, body: { ...operation.body, text } });

describe("a report in an SMS", () => {
  it("has the form that the protocol's page writes down", async () => {
    const { form, whole } = await formOf(operation, sealed.write_token);
    expect(Buffer.from(form).toString("hex")).toBe(vector.form);
    expect(whole).toBe(true);
  });

  it("fits into two parts of 153 characters, however long the words are", async () => {
    for (const length of [0, 1, 140, 144, 145, 5000]) {
      const { text, whole } = await smsOf(saying("ө".repeat(length)), sealed.write_token, key);
      expect(text.length).toBeLessThanOrEqual(306);
      expect(whole).toBe(length <= 144);
    }
  });

  it("has only characters that every gateway lets through", async () => {
    for (let turn = 0; turn < 50; turn++) {
      const { text } = await smsOf(operation, sealed.write_token, key);
      expect(text).toMatch(/^ARYK1[A-Za-z0-9/-]+$/);
    }
  });

  it("says nothing of the words, and is another one each time", async () => {
    const texts = await Promise.all([1, 2].map(() => smsOf(operation, sealed.write_token, key)));
    expect(texts[0]?.text).not.toBe(texts[1]?.text);
    expect(texts[0]?.text.slice(0, 6)).toBe(vector.sms.slice(0, 6));
  });

  it("writes what has no byte as something that can be read", () => {
    expect(Buffer.from(packed("«A»—’漢\u0000😀\n"))).toEqual(
      Buffer.from([0x22, 0x41, 0x22, 0x2d, 0xd7, 0x3f, 0x3f, 0x3f, 0x0a]),
    );
  });

  it.each([
    ["office", "mediator", "mediator"],
    ["border", "office", "office"],
    ["office", "border", "office"],
    ["mediator", "border", "mediator"],
    ["office", "office", "office"],
  ] as const)("said for %s and then chosen for %s is for %s", (said, chosen, audience) => {
    const report = { ...operation, body: { ...operation.body, audience: said } };
    expect(narrowed(report, chosen).body).toEqual({ ...operation.body, audience });
  });
});
