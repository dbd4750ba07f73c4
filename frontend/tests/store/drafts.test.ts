import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Draft } from "../../src/model";
import type { Vault } from "../../src/model/vault";
import { dropDraft, dropMedium, getDrafts, partsOf, putDraft, putPart } from "../../src/store/drafts";
import type { Database } from "../../src/store/opening";
import { openNew } from "./opened";

let db: Database;
let vault: Vault;
const draft = (id: string, editedAt: number) => ({ id, editedAt, category: "road" }) as Draft;
const piece = (of: string, id: string, n: number) =>
  putPart(db, vault, { draft: of, id, n, mime: "audio/webm", bytes: new Uint8Array([n]) });
const numbers = async (of: string) => (await partsOf(db, vault, of)).map(({ id, n }) => `${id}${n}`);

describe("drafts", () => {
  beforeEach(async () => {
    ({ db, vault } = await openNew());
    await putDraft(db, vault, draft("one", 1));
    await putDraft(db, vault, draft("other", 2));
  });

  it("stand beside each other, the one touched last first", async () => {
    expect((await getDrafts(db, vault)).map(({ id }) => id)).toEqual(["other", "one"]);
    await putDraft(db, vault, draft("one", 3));
    expect((await getDrafts(db, vault)).map(({ id }) => id)).toEqual(["one", "other"]);
  });

  it("are shown but for one that cannot be opened, which stays where it is", async () => {
    const [sealed] = await db.getAll("drafts");
    await db.put("drafts", { ...sealed, data: new Uint8Array(40) } as never, "spoilt");
    expect((await getDrafts(db, vault)).map(({ id }) => id)).toEqual(["other", "one"]);
    expect(await db.getAllKeys("drafts")).toContain("spoilt");
  });

  it("give the pieces of a recording back in the order in which they were said", async () => {
    for (const n of [10, 2, 0, 1]) await piece("one", "b", n);
    await piece("one", "a", 0);
    await piece("other", "c", 0);
    expect(await numbers("one")).toEqual(["a0", "b0", "b1", "b2", "b10"]);
  });

  it("lose one recording whole and keep the next", async () => {
    for (const n of [0, 1]) await piece("one", "a", n);
    await piece("one", "b", 0);
    await dropMedium(db, "a");
    expect(await numbers("one")).toEqual(["b0"]);
  });

  it("go with all that is theirs and with nothing of another", async () => {
    await piece("one", "a", 0);
    await piece("other", "b", 0);
    await dropDraft(db, "one");
    expect((await getDrafts(db, vault)).map(({ id }) => id)).toEqual(["other"]);
    expect(await db.getAllKeys("draftParts")).toEqual([["b", 0]]);
  });
});
