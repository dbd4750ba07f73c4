/** What a person chooses: a language, a rayon. */
import { type Language, language, speak } from "../i18n";
import type { Reference } from "../model";
import { fact, keepFact } from "../store/facts";
import { holdWords } from "./holding";
import { isOpen, session } from "./session";
import { noRoom, photosOnWifi, reference } from "./signals";

/** What is looked at every five minutes is six hours old at the most. */
const FRESH_MS = (6 * 60 - 5) * 60_000;

/** Speaks the language from now on; throws when its words are not on the phone and cannot be fetched. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await speak(chosen);
  // Another one was chosen while its words came.
  if (language.value !== chosen) return;
  holdWords(chosen).catch(() => undefined);
  // Before a profile is open it is kept once it is.
  if (!isOpen()) return;
  // Where it does not fit it is spoken until the app is closed.
  await keepFact(session().db, "language", chosen).catch(noRoom);
  void refreshReference();
}

/** Whether photos wait for Wi-Fi from now on; never throws. */
export async function choosePhotosOnWifi(chosen: boolean): Promise<void> {
  photosOnWifi.value = chosen;
  try {
    await keepFact(session().db, "photosOnWifi", chosen);
    void session().wake();
  } catch {
    // What sends them goes by what is kept.
    photosOnWifi.value = !chosen;
    noRoom();
  }
}

let wanted = "";

/** Fetches the villages and offices of another rayon; throws when it cannot, unless yet another one was chosen meanwhile. */
export async function chooseRayon(code: string): Promise<void> {
  wanted = code;
  try {
    const found = await fetchReference(code);
    if (wanted === code) await keepRayon(code, found);
  } catch (trouble) {
    if (wanted === code) throw trouble;
  }
}

async function keepRayon(code: string, found: Reference): Promise<void> {
  try {
    await keepReference(found);
    await keepFact(session().db, "rayon", code);
  } catch (trouble) {
    noRoom();
    throw trouble;
  }
}

/** What the phone knows already. */
export async function loadReference(): Promise<void> {
  reference.value = (await fact(session().db, "reference")) ?? null;
}

/** Fetches something newer where that is due, or at once when `stale` says that the server knows better; never throws. */
export async function refreshReference(stale = false): Promise<void> {
  const { db } = session();
  const age = Date.now() - ((await fact(db, "referenceMs")) ?? 0);
  const spoken = reference.value?.languages.includes(language.value);
  // A clock that was set back makes nothing fresh for years.
  if (spoken && age >= 0 && age < FRESH_MS && !stale) return;
  try {
    const rayon = await fact(db, "rayon");
    const found = await fetchReference(rayon ?? "");
    // Another rayon or language may have been chosen meanwhile: then this is not what is wanted any more.
    if (rayon === (await fact(db, "rayon")) && found.languages.includes(language.value)) await keepReference(found);
  } catch {
    // The old one stays, and is asked for again.
  }
}

async function fetchReference(rayon: string): Promise<Reference> {
  const spoken = new Set(reference.value?.languages).add(language.value);
  const response = await fetch(`/api/v1/reference?${new URLSearchParams({ rayon, languages: [...spoken].join() })}`, {
    credentials: "omit",
    redirect: "error",
  });
  const found = (await response.json()) as Reference;
  if (!response.ok || !Array.isArray(found.villages) || !Array.isArray(found.categories) || !found.sync_key) {
    throw new Error("Not ours.");
  }
  return found;
}

async function keepReference(found: Reference): Promise<void> {
  await keepFact(session().db, "reference", found);
  await keepFact(session().db, "referenceMs", Date.now());
  reference.value = found;
}
