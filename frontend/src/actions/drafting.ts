/** What is being written, kept at every keystroke and with every second that is said; there may be several at a time. */
import type { Draft } from "../model";
import { dropDraft, dropMedium, getDrafts, partsOf, putDraft, putPart } from "../store/drafts";
import type { DraftPart } from "../store/migrations";
import { session } from "./session";
import { drafts, noRoom, storageTrouble } from "./signals";
import { endTape } from "./voice";

/** A photo or a recording of a draft. */
export interface ReadyMedium {
  id: string;
  blob: Blob;
  /** Shows or plays it. */
  url: string;
}

const WORDS = "text/plain";

/** Words, a photo, or the `n`th piece of a recording. */
type Part<Bytes = BlobPart> = Omit<DraftPart, "bytes"> & { bytes: Bytes };
type Unwritten = Draft | Part<Blob>;

let queue: Promise<void> = Promise.resolve();
/** Each under all the ids that it goes with. */
const unwritten = new Map<string, Unwritten>();

/** One write after the other. What does not fit is said by `storageTrouble`, and the next one may fit. */
export function inTurn(write: () => Promise<void>): Promise<void> {
  const turn = queue.then(write);
  queue = turn.catch(noRoom);
  return turn;
}

/** Of many calls in a row for one thing the last one counts; what does not fit stays to be tried again. */
function newest(of: string, what: Unwritten): void {
  unwritten.set(of, what);
  inTurn(async () => {
    if (unwritten.get(of) !== what) return;
    await write(what);
    if (unwritten.get(of) === what) unwritten.delete(of);
    if (unwritten.size === 0 && storageTrouble.value === "full") storageTrouble.value = null;
  });
}

/** Nothing of it is written any more. */
function drop(id: string): void {
  for (const of of unwritten.keys()) if (of.includes(id)) unwritten.delete(of);
}

let preparation: Promise<unknown> = Promise.resolve();

/** What is being made ready to be kept: the page does not end before. */
export function awaitAtEnd(work: Promise<unknown>): void {
  preparation = Promise.all([preparation, work]);
}

/** Before the page ends: what is being said is ended, and all of it written, or it does not fit. */
export async function putDown(): Promise<void> {
  await endTape();
  await preparation;
  await draftsKept();
}

/** Resolves when everything that was handed over is written, or still does not fit. */
export function draftsKept(): Promise<void> {
  for (const [of, what] of unwritten) newest(of, what);
  return queue;
}

export function keepDraft(draft: Draft): void {
  drafts.value = [draft, ...others(draft.id)];
  newest(draft.id, draft);
}

/** It goes on under another id, with these: what is kept under the one before goes only once that is written. */
export function moveDraft(from: string, to: string, media: ReadyMedium[]): void {
  for (const { id, blob } of media) keepPart(to, id, blob);
  forgetDraft(from);
  inTurn(async () => {
    const { db } = session();
    if (await db.get("drafts", to)) await db.delete("drafts", from);
  });
}

/** A photo, or the `n`th piece of a recording. */
export function keepPart(draft: string, id: string, blob: Blob, n = 0): void {
  newest([draft, id, n].join(), { draft, id, n, mime: blob.type, bytes: blob });
}

/** What is being written after a report; kept as one more part of it, under its own id, or as another one of it. */
export function keepWords(report: string, text: string, as = report): void {
  keepPart(report, as, new Blob([text], { type: WORDS }));
}

async function write(what: Unwritten): Promise<void> {
  const { db, vault } = session();
  if (!("bytes" in what)) return putDraft(db, vault, what);
  // Words that were taken out again.
  if (!what.bytes.size) return dropMedium(db, what.id);
  return putPart(db, vault, { ...what, bytes: new Uint8Array(await what.bytes.arrayBuffer()) });
}

export function discardMedium(id: string): void {
  drop(id);
  inTurn(() => dropMedium(session().db, id));
}

export async function discardDraft(id: string): Promise<void> {
  forgetDraft(id);
  inTurn(async () => {
    await dropDraft(session().db, id);
    // What was read before this came back.
    forgetDraft(id);
  });
  await queue;
}

/** It is a report now, or nothing. */
export function forgetDraft(id: string): void {
  drop(id);
  drafts.value = others(id);
}

/** As all tabs left them; what could not be written yet is newer. What cannot be read keeps nobody from writing something new. */
export function loadDrafts(): Promise<void> {
  const load = async () => {
    const kept = await getDrafts(session().db, session().vault);
    const has = ({ id }: Draft) => unwritten.has(id);
    drafts.value = [...drafts.value.filter(has), ...kept.filter((one) => !has(one))];
  };
  // What did not fit may fit now.
  queue = draftsKept()
    .then(load)
    .catch(() => undefined);
  return queue;
}

/** The photos and recordings of a draft; of a recording that a crash ended, what was said until then. `missed`: see `partsOf`. */
export async function mediaOfDraft(draft: string, missed?: () => void): Promise<ReadyMedium[]> {
  return mediaIn(await partsNow(draft, missed));
}

/** What was begun to be said after a report, in words and aloud. */
export async function begunAfter(report: string, as = report): Promise<{ words: string; recordings: ReadyMedium[] }> {
  // Of a form that has made room for this one.
  await endTape();
  await draftsKept();
  const parts = await partsNow(report);
  const recordings = mediaIn(parts.filter(({ mime }) => mime.startsWith("audio")));
  return { words: await whole(parts, as).text(), recordings };
}

/** As they are kept, and behind that, as what counts, what does not fit; what is written while these are read is in either. */
async function partsNow(draft: string, missed?: () => void): Promise<Part[]> {
  const before = [...unwritten.values()];
  const kept = await partsOf(session().db, session().vault, draft, missed);
  const all = [...kept, ...before, ...unwritten.values()] as Part[];
  // What the report itself says is no part of one.
  return all.filter((part) => part.draft === draft);
}

function mediaIn(parts: Part[]): ReadyMedium[] {
  return [...new Set(parts.map(({ id }) => id))].map((id) => ready(id, whole(parts, id)));
}

/** Of each piece the last one, and all by their numbers. */
function whole(parts: Part[], of: string): Blob {
  const own = parts.filter(({ id }) => id === of);
  const pieces = Object.fromEntries(own.map(({ n, bytes }) => [n, bytes]));
  return new Blob(Object.values(pieces), { type: own[0]?.mime ?? "" });
}

export function ready(id: string, blob: Blob): ReadyMedium {
  return { id, blob, url: URL.createObjectURL(blob) };
}

export function isSound({ type }: Blob): boolean {
  return type.startsWith("audio");
}

function others(id: string): Draft[] {
  return drafts.value.filter((one) => one.id !== id);
}
