/** The truth about what this browser keeps: how full it is, whether it will stay, and whether it was lost. */
import { fromBase64url, joined } from "../model/bytes";
import { fingerprint } from "../model/fingerprints";
import { fact } from "../store/facts";
import { loadReference } from "./choosing";
import { session } from "./session";
import { reference, storageStays, storageTrouble, storageUse } from "./signals";

/**
 * A mark that something was kept here. Browsers that clear a page's storage under pressure leave its cookies, so a mark without a
 * profile means that it was cleared. It says nothing else, and lasts as long as browsers let it.
 */
const MARK = "aryk_kept=1";
const LASTS_SECONDS = 400 * 24 * 60 * 60;

/** From how full on a person is warned. */
const NEARLY = 0.8;

/** Chromium from 138 on hides what there is: it says what is used and whole gibibytes more, the same on a full disk. */
const GIB = 2 ** 30;

/** Whether something was kept here before; asked when there is no profile. */
export function keptBefore(): boolean {
  return document.cookie.split("; ").includes(MARK);
}

/** Called once something is saved. */
export function mark(): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on part of the browsers we serve.
  document.cookie = `${MARK}; Max-Age=${LASTS_SECONDS}; Path=/; SameSite=Strict${secure}`;
}

/** Asked once something is worth keeping; a browser may say no, and then it is still saved. */
export async function askToStay(): Promise<void> {
  try {
    if (!(await navigator.storage?.persisted())) await navigator.storage?.persist();
    storageStays.value = (await navigator.storage?.persisted()) ?? null;
  } catch {
    // Not every browser knows this.
  }
}

/** How much of what the browser gives is used; says so from 80 % on, and no longer when there is room again. */
export async function watchUse(): Promise<void> {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    if (usage === undefined || !quota) return;
    storageUse.value = { usedBytes: usage, shareUsed: (quota - usage) % GIB === 0 ? null : usage / quota };
  } catch {
    return; // Not every browser knows this.
  }
  const nearly = (storageUse.value.shareUsed ?? 0) >= NEARLY;
  if (nearly) storageTrouble.value ??= "nearly_full";
  else if (storageTrouble.value === "nearly_full") storageTrouble.value = null;
}

/** Looks at all of it anew, for the person who asks. */
export async function lookAtPhone(): Promise<void> {
  await watchUse();
  try {
    storageStays.value = await navigator.storage.persisted();
  } catch {
    storageStays.value = null; // Not every browser knows this.
  }
}

/** Of the server's key, to be compared with a poster; null while the phone has none. */
export async function serverFingerprint(): Promise<string | null> {
  const key = reference.value?.sync_key.public;
  return key ? fingerprint(fromBase64url(key)) : null;
}

/** Of the mediators' two keys together, the first one first; null where the phone has none. */
export async function groupFingerprint(): Promise<string | null> {
  const points = reference.value?.group_keys?.public;
  return points ? fingerprint(joined(...points.map(fromBase64url))) : null;
}

/** The mediators' points that a name was sealed to last, to be compared with those that this phone has, by whichever tab. */
export async function sealedLastTo(): Promise<string | undefined> {
  await loadReference();
  return fact(session().db, "sealedTo");
}

/** The build's own name: it changes whenever a line of the app does. */
const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;
export const VERSION = /index-([\w-]+)\.js/.exec(script?.src ?? "")?.[1] ?? "–";
