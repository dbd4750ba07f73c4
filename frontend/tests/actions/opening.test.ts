import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { drawKey, makeKey, unsettled } from "../../src/actions/opening";
import { setSession } from "../../src/actions/session";
import type { Reference } from "../../src/model";
import { base64url } from "../../src/model/bytes";
import { keyOfPaper } from "../../src/model/paper";
import { fact, keepFact } from "../../src/store/facts";
import { openNew } from "../store/opened";

const vector = JSON.parse(readFileSync(new URL("../../../tests/vectors/sealed.json", import.meta.url), "utf8"));

it("a key that nobody wrote down is nobody's; once it is on paper it is kept and told", async () => {
  globalThis.location = { protocol: "http:" } as Location;
  globalThis.document = { cookie: "" } as Document;
  const own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  // Shown, and then the page was left.
  await drawKey();
  expect([await unsettled(), await fact(own.db, "groupKeys")]).toEqual([[], undefined]);
  const drawn = await drawKey();
  await makeKey("med", 2, drawn);
  const body = { office: "med", place: 2, public: base64url(drawn.point) };
  expect((await unsettled()).map(({ said }) => said.body)).toEqual([body]);
  const [kept] = (await fact(own.db, "groupKeys")) ?? [];
  if (!kept) throw new Error("It was not kept.");
  const onPaper = await keyOfPaper(drawn.paper, drawn.point);
  expect(await own.vault.openBytes(kept.private)).toEqual(onPaper);
});
