/** A phone of two: a resident said everything in every shape, and each is as far as it can be; a mediator has logged out. */
import { consent } from "../../../src/actions/consenting";
import { draftsKept, keepWords } from "../../../src/actions/drafting";
import { addFollowUp } from "../../../src/actions/mediating";
import {
  appeal,
  chooseAudience,
  confirmSolved,
  dispute,
  keepAppeal,
  notify,
  reply,
  saveReport,
  withdraw,
} from "../../../src/actions/reporting";
import { refresh } from "../../../src/actions/session";
import { language } from "../../../src/i18n";
import type { CaseData, Draft, Language } from "../../../src/model";
import { uuid7 } from "../../../src/model/uuid7";
import { putDraft, putPart } from "../../../src/store/drafts";
import { fact, keepFact } from "../../../src/store/facts";
import { forgetCases, keepGrant } from "../../../src/store/granting";
import { addProfile, ownProfile } from "../../../src/store/opening";
import { storageOf } from "../../../src/store/syncing";
import { NOTHING } from "../opened";
import { type Dump, dump } from "./dump.js";
import { comeFar } from "./far";
import { CASE, GRANT, SHOWN } from "./mediator";
import { draftOf, NAMES, NOW, onThatDay, type Person, PHOTO, photo, SOUND, speaking, VOICE, voice } from "./people";

const WHO = { name: "А", address: "Б", contact: "В" };
const HERE = { lat: 39.8903, lon: 70.5497, accuracy_m: 12.5 };
/** What each report says besides, by the name that it has here. */
const REPORTS = {
  danger: { danger: true, text: "Коркунучтуу." },
  about: {
    text: "Кызматкер жөнүндө.",
    audience: "mediator",
    accuses: "named",
    about_office: "okmotu",
    officeNames: NAMES,
    answers: { dry: "yes", what: "field", many: 3 },
    happened: { when: "date", date: "2026-11-20" },
  },
  unlisted: { text: "Тизмеде жок.", audience: "mediator", accuses: "unlisted" },
  appeal: { text: "Расмий арыз.", track: "appeal", identity: WHO, audience: "border" },
  protected: { text: "Корголгон.", protect: true, identity: { ...WHO, address: "" } },
  placed: { text: "Ушул жерде.", village: null, villageNames: undefined, position: HERE, accuses: false },
  both: { text: "Айылда.", position: HERE, happened: { when: "today", date: null } },
  spoken: { text: "" },
  texted: { text: "SMS менен." },
  back: { text: "Алып салынат." },
  over: { text: "Бүттү." },
  turned: { text: "Ортомчуга гана.", audience: "mediator" },
  quiet: { text: "Эч жакка кете элек." },
} satisfies Record<string, Partial<Draft>>;
const LANGUAGES: Language[] = ["ky", "ru", "tg", "uz", "en"];

export type Said = Record<keyof typeof REPORTS, string>;
export const BEGUN = "Башталган жооп.";

/** The registry, the resident's database and the mediator's. */
export function everythingSaid(): Promise<Dump[]> {
  return onThatDay(async () => {
    const [own, other] = [await ownProfile(NOW), await addProfile(NOW + 1)];
    const resident = await speaking(own);
    const said = await sayAll(resident);
    await comeFar(resident, said);
    await begin(resident, said);
    resident.db.close();
    const mediator = await speaking(other);
    await loggedOut(mediator);
    mediator.db.close();
    return [await dump("aryk"), await dump(resident.db.name), await dump(mediator.db.name)];
  });
}

async function sayAll({ db }: Person): Promise<Said> {
  const { group_keys } = (await known(db)) ?? {};
  const drafts = Object.entries(REPORTS).map(([name, of]) => [name, draftOf(of as Partial<Draft>)] as const);
  for (const [n, [name, draft]] of drafts.entries()) {
    language.value = LANGUAGES[n % LANGUAGES.length] ?? "ky";
    const points = draft.protect ? group_keys?.public.join() : undefined;
    await saveReport({ ...draft, points }, MEDIA[name]?.() ?? []);
    // Danger goes first, and is asked afterwards.
    if (draft.danger) await consent(draft.id);
  }
  language.value = "ky";
  const said = Object.fromEntries(drafts.map(([name, { id }]) => [name, id])) as Said;
  await confirmSolved(said.danger);
  await dispute(said.danger, "", [voice()]);
  await dispute(said.about, "Суу дагы эле жок.", []);
  await reply(said.danger, "Үчүнчү үй.", []);
  await reply(said.danger, "", [voice()]);
  await chooseAudience(said.danger, "mediator");
  await chooseAudience(said.both, "border");
  await notify(said.danger, "+996555000001");
  await notify(said.both, "someone@example.org");
  await notify(said.both, null);
  await appeal(said.turned, WHO);
  return said;
}

const known = (db: Person["db"]) => fact(db, "reference");

const MEDIA: Record<string, () => ReturnType<typeof photo>[]> = {
  danger: () => [photo(), voice()],
  about: () => [photo()],
  protected: () => [photo()],
  spoken: () => [voice()],
  both: () => [photo(), photo()],
};

/** What is being written: a report with everything, and words after one that is there. */
async function begin({ db, vault }: Person, said: Said): Promise<void> {
  const points = (await known(db))?.group_keys?.public.join();
  const { about, placed } = REPORTS;
  const begun = draftOf({ ...about, ...placed, ...about, protect: true, identity: WHO, points, position: HERE });
  await putDraft(db, vault, begun);
  await putPart(db, vault, { draft: begun.id, id: uuid7(), n: 0, mime: "image/jpeg", bytes: PHOTO });
  const sound = { draft: begun.id, id: uuid7(), mime: SOUND };
  for (const n of [0, 1]) await putPart(db, vault, { ...sound, n, bytes: VOICE.slice(n * 2_000, (n + 1) * 2_000) });
  await putDraft(db, vault, draftOf({ category: null, village: null, accuses: "unlisted" }));
  keepWords(said.about, BEGUN);
  keepAppeal(said.both, WHO);
  await draftsKept();
  await keepFact(db, "photosOnWifi", true);
  await withdraw(said.back);
}

/** One follow-up is there and read by nobody here any more, another one waits, and the login is still to be given back. */
async function loggedOut({ db, vault }: Person): Promise<void> {
  await keepGrant(db, vault, GRANT);
  const storage = storageOf(db, vault);
  const heard = { ...NOTHING, cursor: "c1", serverMs: NOW, epoch: GRANT.epoch, now: NOW };
  const change = { entity: "case", id: CASE, version: 1, data: SHOWN as CaseData };
  await storage.settle({ ...heard, changes: [change] });
  await refresh();
  const visit = { kind: "call", happened_on: "2026-11-22" } as const;
  await addFollowUp(CASE, { ...visit, text: "Чалдым." });
  const due = await storage.due(NOW);
  await storage.attempting(due.map(({ opId }) => opId));
  const results = due.map(({ digest }) => ({ digest, status: "applied", code: null, detail: null }) as const);
  await storage.settle({ ...heard, sentCursor: "c1", results });
  await addFollowUp(CASE, { ...visit, kind: "meeting", text: "Жолугушабыз." });
  await forgetCases(db, true, GRANT.by);
}
