/** What is being written is kept, or tried again until it fits; and what is saved is one report, in however many tabs. */
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import vector from "../../../tests/vectors/sealed.json";
import type { Draft, Reference } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keepFact } from "../../src/store/facts";
import type { Database } from "../../src/store/opening";
import { type Own, openNew, reported } from "../store/opened";

vi.stubGlobal("location", { protocol: "http:" });
vi.stubGlobal("document", { cookie: "" });

const {
  begunAfter,
  discardMedium,
  draftsKept,
  forgetDraft,
  keepDraft,
  keepPart,
  keepWords,
  loadDrafts,
  mediaOfDraft,
  putDown,
} = await import("../../src/actions/drafting");
const { appeal, begunAppeal, keepAppeal, reply, saveReport, withdraw } = await import("../../src/actions/reporting");
const { setSession } = await import("../../src/actions/session");
const { drafts, outbox, storageTrouble } = await import("../../src/actions/signals");
const { tape } = await import("../../src/actions/voice");
const { getDrafts } = await import("../../src/store/drafts");

let own: Own;
let hasRoom: boolean;

const draftOf = (text: string, id = uuid7(), editedAt = 1) =>
  ({
    ...{ id, editedAt, text, category: "water-gate", village: "1", saidOn: "2026-11-30", answers: {}, accuses: null },
    ...{ happened: { when: "now", date: null }, track: "signal", audience: "mediator", about_office: null },
    ...{ danger: false, identity: { name: "", address: "", contact: "" }, protect: false, position: null },
  }) as Draft;
const kept = async () => (await getDrafts(own.db, own.vault)).map(({ text }) => text);
const photo = () => new Blob(["photo"], { type: "image/jpeg" });

function open(as: Partial<Own>): void {
  setSession({ ...own, ...as, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
}

beforeEach(async () => {
  own = await openNew();
  await keepFact(own.db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  [drafts.value, outbox.value, storageTrouble.value] = [[], [], null];
  hasRoom = true;
  const { put } = own.db;
  const full: Database["put"] = (...what) => {
    if (!hasRoom) throw new DOMException("full", "QuotaExceededError");
    return put(...what);
  };
  open({ db: { ...own.db, put: full } as Database });
});

describe("on a full phone", () => {
  beforeEach(async () => {
    hasRoom = false;
    const draft = draftOf("The gate was closed.");
    keepDraft(draft);
    keepPart(draft.id, uuid7(), photo());
    keepWords("report", "On Friday.");
    await draftsKept();
  });

  it("nothing is written any more of a report that was thrown away meanwhile", async () => {
    forgetDraft("report");
    hasRoom = true;
    await draftsKept();
    expect((await begunAfter("report")).words).toBe("");
  });

  it("says so until all of it fits, and then no longer", async () => {
    expect(storageTrouble.value).toBe("full");
    await draftsKept();
    expect(storageTrouble.value).toBe("full");
    hasRoom = true;
    await draftsKept();
    expect(storageTrouble.value).toBeNull();
  });

  it("puts down the last of each before the page ends, if there is room by then", async () => {
    keepWords("report", "On Saturday.");
    await draftsKept();
    hasRoom = true;
    await putDown();
    expect(await kept()).toEqual(["The gate was closed."]);
    expect(await mediaOfDraft(drafts.value[0]?.id ?? "")).toHaveLength(1);
    expect((await begunAfter("report")).words).toBe("On Saturday.");
  });

  it("shows what does not fit yet in the place of what is kept", async () => {
    const [draft] = drafts.value;
    hasRoom = true;
    await draftsKept();
    hasRoom = false;
    keepDraft({ ...(draft as Draft), text: "And opened." });
    await loadDrafts();
    expect(drafts.value.map(({ text }) => text)).toEqual(["And opened."]);
    hasRoom = true;
    await draftsKept();
    expect(await kept()).toEqual(["And opened."]);
  });

  it("shows photos and words that do not fit yet with those that are kept, for as long as nobody throws them away", async () => {
    const id = drafts.value[0]?.id ?? "";
    const [first, last] = [uuid7(Date.now() + 1), uuid7(Date.now() + 2)];
    hasRoom = true;
    for (const n of [0, 1]) keepPart(id, first, new Blob([`${n}`], { type: "audio/webm" }), n);
    await draftsKept();
    hasRoom = false;
    // What was said is one recording, also where its end alone does not fit.
    keepPart(id, first, new Blob(["2"], { type: "audio/webm" }), 2);
    keepPart(id, last, photo());
    keepWords("report", "On Saturday.");
    await draftsKept();
    const said = async () => Promise.all((await mediaOfDraft(id)).map(({ blob }) => blob.text()));
    expect(await said()).toEqual(["photo", "012", "photo"]);
    expect((await begunAfter("report")).words).toBe("On Saturday.");
    discardMedium(last);
    keepWords("report", "");
    expect(await said()).toEqual(["photo", "012"]);
    expect((await begunAfter("report")).words).toBe("");
    hasRoom = true;
    await draftsKept();
    expect([await said(), storageTrouble.value]).toEqual([["photo", "012"], null]);
  });

  it("writes nothing any more of what was sent meanwhile", async () => {
    const [draft] = drafts.value;
    await reported(own.db, own.vault, "report");
    await reply("report", "On Friday.", []);
    await saveReport(draft as Draft);
    hasRoom = true;
    await draftsKept();
    expect([await kept(), await own.db.getAllKeys("draftParts")]).toEqual([[], []]);
  });
});

describe("a draft", () => {
  it("that another tab begins or saves comes and goes", async () => {
    const { db, vault } = own;
    const draft = draftOf("The gate was closed.");
    await db.put("drafts", await vault.seal(draft), draft.id);
    await loadDrafts();
    expect(drafts.value).toEqual([draft]);
    await db.delete("drafts", draft.id);
    await loadDrafts();
    expect(drafts.value).toEqual([]);
  });

  it("that cannot be read keeps nobody from writing another, nor says that the phone is full", async () => {
    await own.db.put("drafts", new Uint8Array(40) as never, "broken");
    await loadDrafts();
    keepDraft(draftOf("The gate was closed."));
    await draftsKept();
    expect([drafts.value.length, storageTrouble.value]).toEqual([1, null]);
  });

  it("is one report, though it is saved twice, at once and in another tab that still has it", async () => {
    const draft = draftOf("The gate was closed.");
    keepDraft(draft);
    await Promise.all([saveReport(draft), saveReport(draft)]);
    const [card] = outbox.value;
    // The other tab knows of no report yet.
    outbox.value = [];
    await saveReport(draft);
    expect((await own.db.getAll("operations")).map(({ type }) => type)).toEqual(["report.create"]);
    expect([await kept(), outbox.value.map(({ receipt }) => receipt)]).toEqual([[], [card?.receipt]]);
  });
});

describe("what is begun after a report", () => {
  it("is nothing once its words are taken out again", async () => {
    keepWords("report", "On Friday.");
    keepWords("report", "");
    keepAppeal("report", { name: "Айжан", address: "", contact: "" });
    await draftsKept();
    expect(await own.db.count("draftParts")).toBe(1);
    keepAppeal("report", null);
    await draftsKept();
    expect([await begunAppeal("report"), await own.db.count("draftParts")]).toEqual([null, 0]);
  });

  it("has the recording whole that another form was still making", async () => {
    let recorder: { ondataavailable(event: object): void; onstop(): void; state: string };
    class Recorder {
      static isTypeSupported = () => true;
      state = "recording";
      constructor() {
        recorder = this as never;
      }
      start = () => undefined;
      stop() {
        this.state = "inactive";
        setTimeout(() => {
          recorder.ondataavailable({ data: new Blob(["last"], { type: "audio/webm" }) });
          recorder.onstop();
        }, 20);
      }
    }
    vi.stubGlobal("MediaRecorder", Recorder);
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [] }) } });
    const id = uuid7();
    const piece = (blob: Blob) => keepPart("report", id, blob);
    const made = await tape({ wanted: () => true, piece, at: () => {}, ended: () => {} });
    made.stop();
    const { recordings } = await begunAfter("report");
    expect(await Promise.all(recordings.map(({ blob }) => blob.text()))).toEqual(["last"]);
  });
});

it("an appeal that is made leaves nothing that was begun", async () => {
  const identity = { name: "Айжан", address: "Ак-Сай", contact: "0555" };
  await reported(own.db, own.vault, "report");
  keepAppeal("report", identity);
  await appeal("report", identity);
  await draftsKept();
  expect(await begunAppeal("report")).toBeNull();
});

describe("a draft that another tab has saved", () => {
  const draft = draftOf("The gate was closed.");
  const said = async () => (await own.db.getAll("operations")).map(({ type }) => type);

  it("is said to be saved as it was, and not as it was not", async () => {
    await saveReport(draft);
    await saveReport(draft);
    await expect(saveReport({ ...draft, editedAt: 2, about_office: "okmotu" })).rejects.toThrow();
    expect([await said(), storageTrouble.value]).toEqual([["report.create"], null]);
    // Whoever hears of it only now sees it.
    expect(outbox.value.map(({ text }) => text)).toEqual(["The gate was closed."]);
  });

  it("is not said to be saved once it was taken back", async () => {
    await saveReport(draft);
    await withdraw(draft.id);
    await expect(saveReport(draft)).rejects.toThrow();
    expect(await said()).toEqual(["report.withdraw"]);
  });
});

describe("a draft that another tab wrote on in", () => {
  const shown = draftOf("The gate was closed.");
  const newer = { ...shown, editedAt: 2, audience: "mediator", text: "And opened." } as const;
  const write = async () => own.db.put("drafts", await own.vault.seal(newer), shown.id);

  it("is not saved as it was, also where that is written in the last moment", async () => {
    await write();
    await expect(saveReport(shown)).rejects.toThrow();
    await own.db.delete("drafts", shown.id);
    const vault = Object.create(own.vault) as typeof own.vault;
    vault.seal = async (value) => {
      await write();
      return own.vault.seal(value);
    };
    open({ vault });
    await expect(saveReport(shown)).rejects.toThrow();
    open({});
    expect(await own.db.count("reports")).toBe(0);
    await saveReport(newer);
  });
});
