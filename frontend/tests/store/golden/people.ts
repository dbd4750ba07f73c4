/** Whose phones are dumped, and how they say something: through the app's own actions, on one day. */
import { readFileSync } from "node:fs";
import { vi } from "vitest";
import vector from "../../../../tests/vectors/sealed.json";
import { refresh, setSession } from "../../../src/actions/session";
import { reference } from "../../../src/actions/signals";
import type { Draft, Profile, Reference } from "../../../src/model";
import { base64url } from "../../../src/model/bytes";
import { newGroupKey } from "../../../src/model/opening";
import { uuid7 } from "../../../src/model/uuid7";
import { keepFact } from "../../../src/store/facts";
import { type Opened, openedOf } from "../../../src/store/keys";
import { type Database, openProfile } from "../../../src/store/opening";

export const NOW = Date.UTC(2026, 10, 23, 6);
export const VILLAGE = "41705214848010";
export const NAMES = { ky: "Ак-Сай", ru: "Ак-Сай" };
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, import.meta.url)));
export const PHOTO = bytesOf("photo.jpg");
export const VOICE = bytesOf("voice.webm");
export const SOUND = "audio/webm;codecs=opus";
export const photo = () => ready(PHOTO, "image/jpeg");
export const voice = () => ready(VOICE, SOUND);

function ready(bytes: Uint8Array<ArrayBuffer>, type: string) {
  return { id: uuid7(), blob: new Blob([bytes], { type }), url: "" };
}

/** While this is done it is that day. */
export async function onThatDay<Value>(done: () => Promise<Value>): Promise<Value> {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  try {
    return await done();
  } finally {
    vi.useRealTimers();
  }
}

export interface Person extends Opened {
  db: Database;
}

/** Opens a profile's database, and from now on it is this person who speaks. */
export async function speaking(profile: Profile): Promise<Person> {
  globalThis.location = { protocol: "http:" } as Location;
  globalThis.document = { cookie: "" } as Document;
  const db = await openProfile(profile.id);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  setSession({ ...opened, db, profile, wake: async () => undefined });
  reference.value = await known();
  await keepFact(db, "begun", true);
  await keepFact(db, "reference", reference.value);
  await keepFact(db, "referenceMs", NOW);
  await refresh();
  return { db, ...opened };
}

/** What a phone knows, with one of everything. */
async function known(): Promise<Reference> {
  const { point } = await newGroupKey();
  const yesNo = { code: "dry", names: NAMES, kind: "yes_no" as const, choices: [] };
  const choice = { code: "field", names: NAMES, icon: "field" };
  const which = { code: "what", names: NAMES, kind: "choice" as const, choices: [choice] };
  return {
    version: "1",
    languages: ["ky", "ru"],
    rayon: "41705",
    rayons: [{ code: "41705", names: NAMES }],
    aimaks: [{ code: "41705214848000", names: NAMES, office: "okmotu" }],
    villages: [{ code: VILLAGE, names: NAMES, aimak: "41705214848000", at: [39.8903, 70.5497] }],
    offices: [{ code: "okmotu", names: NAMES }],
    categories: [{ code: "water-gate", names: NAMES, icon: "water-gate", parent: "water", questions: [yesNo, which] }],
    sync_key: { id: vector.key_id, public: vector.public },
    sms_number: "+996555000000",
    group_keys: { office: "mediation", public: [vector.public, base64url(point)] },
    notices: ["sms", "email"],
  };
}

export function draftOf(of: Partial<Draft>): Draft {
  return {
    id: uuid7(),
    editedAt: Date.now(),
    category: "water-gate",
    village: VILLAGE,
    villageNames: NAMES,
    text: "",
    happened: { when: "now", date: null },
    saidOn: "2026-11-23",
    answers: {},
    track: "signal",
    audience: "office",
    about_office: null,
    accuses: null,
    danger: false,
    identity: { name: "", address: "", contact: "" },
    protect: false,
    position: null,
    ...of,
  };
}
