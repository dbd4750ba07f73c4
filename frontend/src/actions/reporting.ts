/** What a resident does: write, save, confirm, dispute. Everything goes to the outbox first, online or off. */
import { language } from "../i18n";
import type { Audience, Draft, Identity, Names, OwnReport, ReportBody, Verdict, WireMedium } from "../model";
import { sha256 } from "../model/bytes";
import { TELLS_THE_VILLAGE_M } from "../model/limits";
import { sealMedium } from "../model/media";
import { torn } from "../model/protected";
import { newReceipt } from "../model/receipts";
import { hurry } from "../store/deleting";
import { fact, keepFact } from "../store/facts";
import { namingSms } from "../store/handing";
import { keep, type Saying, type Wider } from "../store/saving";
import {
  begunAfter,
  discardMedium,
  draftsKept,
  forgetDraft,
  inTurn,
  isSound,
  keepWords,
  loadDrafts,
  type ReadyMedium,
} from "./drafting";
import { sendWhenClosed } from "./holding";
import { askToStay, mark, watchUse } from "./keeping";
import { previewOf } from "./photos";
import { refreshEverywhere, session } from "./session";
import { keeps, reference, reported, storageTrouble } from "./signals";

/**
 * Resolves when everything is on the disk, and throws while it is not, also where another window says something else in this draft: what
 * is said to be saved is what was handed over here. A report has its draft's id, so that one that is saved twice is one.
 */
export async function saveReport(draft: Draft, media: ReadyMedium[] = []): Promise<void> {
  const { id } = draft;
  await loadDrafts();
  const rest = await spoken(id, media);
  const body = await bodyOf(draft);
  const report = ownReport(draft, body);
  // Danger does not wait until the server wanted to be asked again.
  if (body.danger) await hurry(session().db, id).catch(() => undefined);
  await write({ said: { type: "report.create", body }, report, ...rest });
}

/** The reporter says that it is solved. */
export function confirmSolved(reportId: string): Promise<void> {
  const verdict = verdictOn(reportId, "solved");
  return write({ said: { type: "report.confirm", body: {} }, entityId: reportId, verdict });
}

/** The reporter says that it is not. */
export async function dispute(reportId: string, reason: string, media: ReadyMedium[]): Promise<void> {
  const verdict = verdictOn(reportId, "disputed");
  await write({ said: { type: "report.dispute", body: { reason } }, verdict, ...(await spoken(reportId, media)) });
}

/** The reporter answers what the office asked. */
export async function reply(reportId: string, text: string, media: ReadyMedium[]): Promise<void> {
  await write({
    said: { type: "report.reply", body: { text, language: language.value } },
    ...(await spoken(reportId, media)),
  });
}

/** What was recorded of a report, or to be said after it, is kept under its id while it is said. */
async function spoken(reportId: string, media: ReadyMedium[]) {
  await draftsKept();
  return { entityId: reportId, media: (await Promise.all(media.map(mediaOf))).flat(), draft: reportId };
}

/** Where what is being written of it is kept, apart from a reply to the same report. */
const appealOf = (reportId: string) => `appeal-${reportId}`;

/** The reporter makes a signal a formal appeal, and says whose it is: an office must answer it, so an office reads it. */
export async function appeal(reportId: string, identity: Identity): Promise<void> {
  await draftsKept();
  const alone = reported(reportId)?.audience === "mediator";
  const first: Wider | null = alone ? { type: "report.audience", body: { audience: "office" } } : null;
  await write({ said: { type: "report.appeal", body: { identity } }, first, entityId: reportId });
  discardMedium(appealOf(reportId));
}

/** Null: who only looked at the form has begun nothing. */
export function keepAppeal(reportId: string, identity: Identity | null): void {
  keepWords(reportId, identity ? JSON.stringify(identity) : "", appealOf(reportId));
}

/** Whose it is, as far as it was written; null where nothing was. */
export async function begunAppeal(reportId: string): Promise<Identity | null> {
  return JSON.parse((await begunAfter(reportId, appealOf(reportId))).words || "null");
}

/** The reporter lets fewer or more read from now on. */
export function chooseAudience(reportId: string, audience: Audience): Promise<void> {
  return write({ said: { type: "report.audience", body: { audience } }, entityId: reportId });
}

/** The reporter says where to be told that there is news; null: nowhere any more. */
export function notify(reportId: string, address: string | null): Promise<void> {
  return write({ said: { type: "report.notify", body: { notify: address } }, entityId: reportId });
}

/** The reporter takes it back: the words leave this phone at once, and the server erases them when it hears of it. */
export async function withdraw(reportId: string): Promise<void> {
  // Its operation leaves the outbox now, so an SMS of it is named here, or it would stay.
  const { db, tokens } = session();
  const body = await namingSms(db, tokens, reportId);
  await write({ said: { type: "report.withdraw", body }, entityId: reportId, draft: reportId });
}

/** The one road of every write: outbox first, then the screens, then the network. */
export async function write(saying: Omit<Saying, "now" | "tokens">): Promise<void> {
  const { db, vault, tokens, wake } = session();
  await inTurn(async () => {
    await keep(db, vault, { ...saying, now: Date.now(), tokens });
    if (saying.draft) forgetDraft(saying.draft);
    if (!keeps()) return;
    storageTrouble.value = null;
    mark();
  }).finally(refreshEverywhere);
  void askToStay().then(watchUse);
  void sendWhenClosed();
  void wake();
}

type Sealed = { wire: WireMedium; bytes: ArrayBuffer };

/** A recording; or a photo and, directly behind it, its preview: one that cannot be made small goes alone. */
async function mediaOf({ blob }: ReadyMedium): Promise<Sealed[]> {
  if (isSound(blob)) return [await sealed(blob, "voice")];
  const preview = await previewOf(blob).catch(() => null);
  const photo = await sealed(blob, "photo");
  return preview ? [photo, await sealed(preview, "preview")] : [photo];
}

async function sealed(blob: Blob, role: WireMedium["role"]): Promise<Sealed> {
  const { id, key, bytes } = await sealMedium(await blob.arrayBuffer());
  return {
    wire: { id, key, sha256: await sha256(bytes), bytes: bytes.byteLength, mime: blob.type, role },
    bytes: bytes.buffer,
  };
}

/** Whether it is known where: a village, or where the phone was to within what tells the village. */
export function isPlaced({ village, position }: Pick<Draft, "village" | "position">): boolean {
  return village !== null || (position?.accuracy_m ?? Infinity) <= TELLS_THE_VILLAGE_M;
}

/** Of a village, or of a rayon where the phone has none of its villages. */
export function placeNames(code: string | null): Names | undefined {
  const { villages = [], rayons = [] } = reference.value ?? {};
  return [...villages, ...rayons].find((one) => one.code === code)?.names;
}

async function bodyOf(draft: Draft): Promise<ReportBody> {
  const { id, editedAt: _, saidOn: __, villageNames: ___, officeNames: ____, ...told } = draft;
  const { category, village, identity, protect, points, accuses, ...said } = told;
  if (category === null || !isPlaced(draft)) throw new Error("A report needs a category and a place.");
  const whose = said.track === "appeal" ? identity : null;
  const consent = (await fact(session().db, "consent")) ?? null;
  const sealedTo = !whose && protect && points;
  if (sealedTo) await keepFact(session().db, "sealedTo", sealedTo);
  return {
    ...said,
    category,
    village,
    language: language.value,
    receipt: newReceipt(),
    identity: whose,
    consent,
    ...(accuses === "unlisted" && { about_unlisted: true }),
    ...(sealedTo && { protected: await torn(identity, sealedTo.split(","), id) }),
  };
}

function ownReport({ id, editedAt, villageNames }: Draft, body: ReportBody): OwnReport {
  const { receipt, category, village, text, audience, track, danger, about_unlisted: unlisted = false } = body;
  return {
    id,
    editedAt,
    receipt,
    category,
    village,
    villageNames: villageNames ?? placeNames(village),
    text,
    audience,
    track,
    danger,
    unlisted,
    savedAt: Date.now(),
    verdict: null,
    withdrawn: false,
  };
}

function verdictOn(reportId: string, said: Verdict): { said: Verdict; answers: number } {
  return { said, answers: reported(reportId)?.answers.length ?? 0 };
}
