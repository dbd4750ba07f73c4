/** Those who share this phone: each has a space of their own, and nobody enters by leaving another's open. */
import { language } from "../i18n";
import type { Profile } from "../model";
import { type Facts, fact, keepFact } from "../store/facts";
import { addProfile, anyProfiles, type Database, openProfile, profiles } from "../store/opening";
import { putDown } from "./drafting";
import { noRoom, type Person } from "./signals";

/** Who this tab is for, over a reload: no longer than the tab is open. */
const CHOSEN = "aryk-profile";
const NOBODY = "nobody";

/** What is nobody's secret and needed to report without a network. */
const SHARED: (keyof Facts)[] = ["rayon", "reference", "referenceMs"];

/** The one this tab was opened for, or the only one; null where somebody has to say who they are. */
export async function whoIsHere(now: number): Promise<Profile | null> {
  const all = await anyProfiles(now);
  const chosen = sessionStorage.getItem(CHOSEN);
  if (all.length === 1 && chosen !== NOBODY) return all[0];
  return all.find(({ id }) => id === chosen) ?? null;
}

export async function everybody(): Promise<Person[]> {
  const of = async ({ id }: Profile, place: number): Promise<Person> =>
    inside(id, async (db) => {
      const keys = await fact(db, "keys");
      const language = await fact(db, "language");
      return { id, place, language, lock: keys && "kind" in keys ? keys.kind : null };
    });
  return Promise.all((await profiles()).map(of));
}

let coming: Promise<void> | null = null;

/** Another person begins, with the villages and the language that are here already; `at` is the screen that is shown then. Pressed twice is once; where it does not fit, `storageTrouble` says so. */
export function addPerson(at?: string): Promise<void> {
  coming ??= begin(at).catch(() => {
    coming = null;
    noRoom();
  });
  return coming;
}

async function begin(at: string | undefined): Promise<void> {
  const all = await profiles();
  // Those of whom this tab is for: another one may live in another rayon.
  const own = all.find(({ id }) => id === sessionStorage.getItem(CHOSEN)) ?? all[0];
  const known = await inside(own?.id ?? "", (db) => Promise.all(SHARED.map((key) => fact(db, key))));
  const { id } = await addProfile(Date.now());
  await inside(id, async (db) => {
    for (const [at, key] of SHARED.entries()) if (known[at] !== undefined) await keepFact(db, key, known[at]);
    await keepFact(db, "language", language.value);
    // It is new because somebody is, and not because the browser cleared it.
    await keepFact(db, "begun", true);
  });
  await comeAs(id, at);
}

/** The page begins anew, so that nothing of whoever was here stays in its memory; meanwhile the calendar alone may be seen. Null: to ask who it is. */
export async function comeAs(id: string | null, at = "/"): Promise<void> {
  document.body.hidden = at !== "#/days";
  await putDown();
  sessionStorage.setItem(CHOSEN, id ?? NOBODY);
  // In place of the present address: the page that is open now would stay behind the back button, as it is. What lies before it stays there, and is counted.
  history.replaceState({ ...history.state, path: "" }, "", at);
  location.reload();
}

async function inside<Value>(id: string, run: (db: Database) => Promise<Value>): Promise<Value> {
  const db = await openProfile(id);
  try {
    return await run(db);
  } finally {
    db.close();
  }
}
