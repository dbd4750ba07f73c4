import { expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import { fromBase64url } from "../../src/model/bytes";
import { fingerprint } from "../../src/model/fingerprints";

it("of the server's key is what the server prints for its poster", async () => {
  expect(await fingerprint(fromBase64url(vector.public))).toBe(vector.fingerprint);
});
