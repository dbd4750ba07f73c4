/** What a resident does: write, save, confirm, dispute. Everything goes to the outbox first, online or off. */
import type { Audience, Draft, OwnReport, ReportBody, Verdict, WireMedium } from "../model";
import { hex, sha256 } from "../model/bytes";
import { sealMedium } from "../model/media";
import { newReceipt } from "../model/receipts";
import { linkOf } from "../model/sms";
import { uuid7 } from "../model/uuid7";
import { dropDraft, getDraft, type PhotoToKeep, putDraft } from "../store/drafts";
import { fact } from "../store/facts";
import { textedOf } from "../store/handing";
import { keep, type Saying } from "../store/saving";
import { sendWhenClosed } from "./holding";
import { askToStay, mark, watchUse } from "./keeping";
import { previewOf, type ReadyPhoto } from "./photos";
import { refreshEverywhere, session } from "./session";
import { outbox, storageTrouble } from "./signals";

/** Resolves when everything is on the disk, and throws while it is not. */
export async function saveReport(draft: Draft, photos: ReadyPhoto[] = []): Promise<{ id: string; receipt: string }> {
  await draftKept;
  const id = uuid7();
  const media = (await Promise.all(photos.map(mediaOf))).flat();
  const body = await bodyOf(draft);
  const report = ownReport(id, body);
  await write({ said: { type: "report.create", body }, entityId: id, media, report });
  const card = outbox.value.find((one) => one.id === id);
  return { id, receipt: card?.receipt ?? body.receipt };
}

/** The reporter says that it is solved. */
export function confirmSolved(reportId: string): Promise<void> {
  const verdict = verdictOn(reportId, "solved");
  return write({ said: { type: "report.confirm", body: {} }, entityId: reportId, verdict });
}

/** The reporter says that it is not. */
export function dispute(reportId: string, reason: string): Promise<void> {
  const verdict = verdictOn(reportId, "disputed");
  return write({ said: { type: "report.dispute", body: { reason } }, entityId: reportId, verdict });
}

/** The reporter lets fewer or more read from now on. */
export function chooseAudience(reportId: string, audience: Audience): Promise<void> {
  return write({ said: { type: "report.audience", body: { audience } }, entityId: reportId });
}

/** The reporter takes it back: the words leave this phone at once, and the server erases them when it hears of it. */
export async function withdraw(reportId: string): Promise<void> {
  // Its operation leaves the outbox now, so what went by SMS is named here, or it would stay.
  const sms = await textedOf(session().db, reportId);
  const body = sms ? { sms_link: hex(await linkOf(sms.write, sms.opId)) } : {};
  await write({ said: { type: "report.withdraw", body }, entityId: reportId });
}

let draftKept: Promise<void> = Promise.resolve();
let newest = 0;

/** Keeps the draft; of many calls in a row the last one counts. */
export function keepDraft(draft: Draft, photos: ReadyPhoto[] = []): Promise<void> {
  const turn = ++newest;
  draftKept = draftKept.then(async () => {
    if (turn !== newest) return;
    try {
      await putDraft(session().db, draft, photos.map(kept));
    } catch {
      storageTrouble.value ??= "full";
      // The photos do not fit any more; the words still may.
      await putDraft(session().db, draft, []).catch(() => undefined);
    }
  });
  return draftKept;
}

function kept({ id, blob }: ReadyPhoto): PhotoToKeep {
  return { id, read: async () => ({ id, bytes: await blob.arrayBuffer(), mime: blob.type }) };
}

/** What was being written when the app was last closed. */
export async function loadDraft(): Promise<{ draft: Draft; photos: ReadyPhoto[] } | null> {
  const kept = await getDraft(session().db);
  if (!kept) return null;
  const photos = kept.photos.map(({ id, bytes, mime }) => {
    const blob = new Blob([bytes], { type: mime });
    return { id, blob, previewUrl: URL.createObjectURL(blob) };
  });
  return { draft: kept.draft, photos };
}

export async function discardDraft(): Promise<void> {
  newest++;
  await draftKept;
  await dropDraft(session().db);
}

/** The one road of every write: outbox first, then the screens, then the network. */
export async function write(saying: Omit<Saying, "now" | "tokens">): Promise<void> {
  const { db, tokens, wake } = session();
  try {
    await keep(db, { ...saying, now: Date.now(), tokens });
  } catch (trouble) {
    storageTrouble.value ??= "full";
    throw trouble;
  }
  storageTrouble.value = null;
  mark();
  await refreshEverywhere();
  void askToStay().then(watchUse);
  void sendWhenClosed();
  void wake();
}

type Sealed = { wire: WireMedium; bytes: ArrayBuffer };

/** The photo and, directly behind it, its preview; a photo that cannot be made small goes alone. */
async function mediaOf({ id, blob }: ReadyPhoto): Promise<Sealed[]> {
  const preview = await previewOf(blob).catch(() => null);
  const photo = await sealed(id, blob, "photo");
  return preview ? [photo, await sealed(uuid7(), preview, "preview")] : [photo];
}

async function sealed(id: string, blob: Blob, role: WireMedium["role"]): Promise<Sealed> {
  const { key, bytes } = await sealMedium(await blob.arrayBuffer(), id);
  return {
    wire: { id, key, sha256: await sha256(bytes), bytes: bytes.byteLength, mime: blob.type, role },
    bytes: bytes.buffer,
  };
}

async function bodyOf({ category, village, identity, ...said }: Draft): Promise<ReportBody> {
  if (category === null || village === null) throw new Error("A report needs a category and a village.");
  const language = (await fact(session().db, "language")) ?? "ky";
  const whose = said.track === "appeal" ? identity : null;
  return { ...said, category, village, language, receipt: newReceipt(), position: null, identity: whose };
}

function ownReport(id: string, body: ReportBody): OwnReport {
  const { receipt, category, village, text, audience, track, danger } = body;
  return {
    id,
    receipt,
    category,
    village,
    text,
    audience,
    track,
    danger,
    savedAt: Date.now(),
    verdict: null,
    withdrawn: false,
  };
}

function verdictOn(reportId: string, said: Verdict): { said: Verdict; answers: number } {
  return { said, answers: outbox.value.find(({ id }) => id === reportId)?.answers.length ?? 0 };
}
