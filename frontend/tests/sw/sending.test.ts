import "fake-indexeddb/auto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { expect, it } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { Profile, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { openProfile, ownProfile } from "../../src/store/opening";
import { keep } from "../../src/store/saving";
import { sendOwn } from "../../src/sw/sending";
import { reported } from "../store/opened";

async function says(profile: Profile): Promise<void> {
  const db = await openProfile(profile.id);
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const opened = await openedOf(db);
  if (!opened) throw new Error("It has no lock.");
  const said = { type: "report.confirm", body: {} } as const;
  const entityId = await reported(db, opened.vault);
  await keep(db, opened.vault, { said, entityId, now: 1, tokens: opened.tokens });
  db.close();
}

it("sends what others of this phone have to say, though one database cannot be opened", async () => {
  globalThis.indexedDB = new IDBFactory();
  globalThis.navigator = {} as Navigator;
  const first = await ownProfile(1);
  const second = { id: uuid7(), createdAt: 2 };
  const registry = await openDB("aryk", 1);
  await registry.put("profiles", second);
  registry.close();
  await says(second);
  // A newer app was here.
  (await openDB(`aryk-${first.id}`, 99)).close();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("<html>Log in to the hotel</html>");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const { port } = server.address() as AddressInfo;
    expect(await sendOwn(`http://127.0.0.1:${port}`)).toBe(true);
  } finally {
    server.close();
  }
  expect(asked).toEqual(["/api/v1/sync"]);
});
