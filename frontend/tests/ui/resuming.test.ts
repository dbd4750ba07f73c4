/** What was being written is taken up again once it is read; whoever was quicker is not disturbed by it. */
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import { setSession } from "../../src/actions/session";
import type { Draft, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { effect } from "../../src/signals";
import { putDraft, putPart } from "../../src/store/drafts";
import { keepFact } from "../../src/store/facts";
import { type Own, openNew } from "../store/opened";

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { hash: "", pathname: "/", protocol: "http:" });
vi.stubGlobal("document", { cookie: "" });
const past: { path: string }[] = [{ path: "/" }];
vi.stubGlobal("history", {
  get state() {
    return past.at(-1);
  },
  pushState: (state: { path: string }) => past.push(state),
});

const { addMedium, draft, edit, goOn, photos, photoTrouble, removeMedium, resumeDraft, save, startReport } =
  await import("../../src/ui/report/draft");
const { drafts, draftsKept, keepPart, loadDrafts, mediaOfDraft, outbox, readyMedium, storageTrouble } = await import(
  "../../src/actions"
);

let own: Own;

async function write(text: string, editedAt: number): Promise<string> {
  const id = uuid7();
  await putDraft(own.db, own.vault, { ...draft.value, id, text, editedAt, category: "water-gate", village: "1" });
  await putPart(own.db, own.vault, { draft: id, id: uuid7(), n: 0, mime: "image/jpeg", bytes: new Uint8Array(3) });
  return id;
}

/** Does it once the drafts are known, and before the photos of the one that is taken up are read. */
async function resumedWhile(meanwhile: () => unknown): Promise<void> {
  const { getAllFromIndex } = own.db;
  let first = true;
  own.db.getAllFromIndex = async (...asked: Parameters<typeof getAllFromIndex>) => {
    const found = await getAllFromIndex(...asked);
    if (first) {
      first = false;
      // Whatever it reads of its own is read by then.
      await Promise.race([meanwhile(), new Promise((then) => setTimeout(then, 50))]);
    }
    return found;
  };
  await resumeDraft();
}

beforeEach(async () => {
  startReport({ danger: false });
  drafts.value = [];
  outbox.value = [];
  own = await openNew();
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await write("The older one.", 1);
  await write("The last one.", 2);
  await loadDrafts();
});

describe("the draft that was touched last", () => {
  it("is open again, with its photo", async () => {
    await resumeDraft();
    expect([draft.value.text, photos.value.length]).toEqual(["The last one.", 1]);
  });

  it("does not take the place of a report that is begun meanwhile, nor of what is written in it", async () => {
    await resumedWhile(() => startReport({ danger: true }));
    expect(draft.value).toMatchObject({ danger: true, category: null, text: "" });
    await resumedWhile(() => edit({ text: "In danger." }));
    expect(draft.value).toMatchObject({ danger: true, category: null, text: "In danger." });
    expect(photos.value).toEqual([]);
  });

  it("does not take the place of another one that is chosen meanwhile", async () => {
    const older = olderOne();
    let chosen = Promise.resolve();
    await resumedWhile(() => {
      chosen = goOn(older);
    });
    await chosen;
    expect([draft.value.text, photos.value.length]).toEqual(["The older one.", 1]);
    expect(past.at(-1)?.path).toBe("/report/review");
  });
});

describe("a draft that is chosen", () => {
  it("is opened once, though it is pressed twice", async () => {
    const older = olderOne();
    const before = past.length;
    await Promise.all([goOn(older), goOn(older)]);
    expect([draft.value.text, past.slice(before).map(({ path }) => path)]).toEqual([
      "The older one.",
      ["/report/review"],
    ]);
  });

  it.each([
    ["fails with it", false],
    ["is lost on the disk", true],
  ])("is opened with the photos that can still be read, where one %s, and it says so", async (_, lost) => {
    const older = olderOne();
    const part = { draft: older.id, id: uuid7(), n: 0, mime: "image/jpeg" };
    await own.db.put("draftParts", { ...part, bytes: new Uint8Array(40) });
    if (lost) {
      const gone = () => Promise.reject(new DOMException("", "NotReadableError"));
      own.db.getAllFromIndex = gone;
      const { get } = own.db;
      own.db.get = (...asked: Parameters<typeof get>) => (`${asked[1]}`.includes(part.id) ? gone() : get(...asked));
    }
    await goOn(older);
    expect([draft.value.text, photos.value.length, photoTrouble.value]).toEqual(["The older one.", 1, "bad"]);
    startReport({ danger: false });
    expect(photoTrouble.value).toBe(null);
  });

  it("has the photo that does not fit on the phone, also once another one was opened", async () => {
    await goOn(olderOne());
    const { put } = own.db;
    own.db.put = () => Promise.reject(new DOMException("", "QuotaExceededError"));
    const photo = readyMedium(uuid7(), new Blob(["photo"], { type: "image/jpeg" }));
    keepPart(draft.value.id, photo.id, photo.blob);
    addMedium(photo, draft.value.id);
    for (const _ of ["to the other one", "and back"]) await goOn(olderOne());
    expect([draft.value.text, await photos.value[1]?.blob.text()]).toEqual(["The older one.", "photo"]);
    expect(storageTrouble.value).toBe("full");
    own.db.put = put;
    await draftsKept();
    expect(await mediaOfDraft(draft.value.id)).toHaveLength(2);
  });

  it("leads nobody away from a report that is begun before it is read", async () => {
    const chosen = goOn(olderOne());
    startReport({ danger: true });
    await chosen;
    expect([draft.value.danger, past.at(-1)?.path]).toEqual([true, "/report/what"]);
  });
});

describe("the draft that is open again after the browser has put the page away", () => {
  const openAgain = async () => {
    await draftsKept();
    startReport({ danger: false });
    await loadDrafts();
    await resumeDraft();
    return draft.value.text;
  };

  it("is the one that was gone on with", async () => {
    await goOn(olderOne());
    expect(await openAgain()).toBe("The older one.");
  });

  it("is the new one, though the clock went back to 1970", async () => {
    vi.spyOn(Date, "now").mockReturnValue(0);
    edit({ category: "water-gate", text: "The new one." });
    expect(await openAgain()).toBe("The new one.");
    vi.restoreAllMocks();
  });
});

describe("a draft that is open in two tabs", () => {
  /** What the other one does. */
  const elsewhere = (said: Draft) => putDraft(own.db, own.vault, said);

  it("is as the other tab left it, with its photos", async () => {
    await resumeDraft();
    await elsewhere({ ...draft.value, text: "And opened.", editedAt: 3 });
    await loadDrafts();
    await vi.waitFor(() => expect([draft.value.text, photos.value.length]).toEqual(["And opened.", 1]));
  });

  it("says so to the other one where it has a photo more, or one fewer", async () => {
    await resumeDraft();
    const photo = readyMedium(uuid7(), new Blob(["photo"], { type: "image/jpeg" }));
    for (const change of [addMedium, removeMedium]) {
      const { id, editedAt } = draft.value;
      change(photo, id);
      await draftsKept();
      await loadDrafts();
      expect(drafts.value[0]?.editedAt).toBeGreaterThan(editedAt);
    }
  });

  it("keeps what is written in this one while the other's is read", async () => {
    await resumeDraft();
    await elsewhere({ ...draft.value, text: "And opened.", editedAt: 3 });
    const read = loadDrafts();
    edit({ text: "And broken." });
    await Promise.all([read, draftsKept()]);
    await loadDrafts();
    expect([draft.value.text, drafts.value[0]?.text]).toEqual(["And broken.", "And broken."]);
  });
});

describe("what is written while a report is saved", () => {
  beforeEach(() =>
    keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference),
  );

  it("is one with it, and is not called saved before it is", async () => {
    await resumeDraft();
    const saving = save();
    edit({ text: "And opened." });
    await expect(saving).rejects.toThrow();
    expect([outbox.value, draft.value.text]).toEqual([[], "And opened."]);
    await save();
    expect(outbox.value.map(({ text }) => text)).toEqual(["And opened."]);
  });

  it("is another report where the first is on the disk already", async () => {
    await resumeDraft();
    let saved = false;
    const stop = effect(() => {
      if (saved || outbox.value.length === 0) return;
      saved = true;
      edit({ text: "And opened." });
    });
    const id = await save();
    stop();
    expect(draft.value).toMatchObject({ text: "And opened.", category: "water-gate" });
    expect(await save()).not.toBe(id);
    const [last, first] = [outbox.value.find((one) => one.id !== id), outbox.value.find((one) => one.id === id)];
    expect([outbox.value.length, first?.text, last?.text]).toEqual([2, "The last one.", "And opened."]);
    expect(draft.value.text).toBe("");
  });
});

function olderOne(): Draft {
  const [, older] = drafts.value;
  if (!older) throw new Error("There are two.");
  return older;
}
