/** The report being written. Every change is kept on the phone at once, so that a dead battery costs no word. */

import {
  awaitAtEnd,
  discardDraft,
  discardMedium,
  drafts,
  draftsKept,
  isSound,
  keepDraft,
  keepPart,
  mediaOfDraft,
  moveDraft,
  preparePhoto,
  type ReadyMedium,
  reference,
  reported,
  saveReport,
  sealedLastTo,
} from "../../actions";
import { happenedOf, isoDay } from "../../i18n/dates";
import type { Draft } from "../../model";
import { MOST_PHOTOS } from "../../model/limits";
import { fitting } from "../../model/protected";
import { uuid7 } from "../../model/uuid7";
import { computed, effect, signal } from "../../signals";
import { go, route } from "../route";

const fresh = (): Draft => ({
  id: uuid7(),
  editedAt: 0,
  category: null,
  village: null,
  text: "",
  happened: { when: "now", date: null },
  saidOn: isoDay(new Date()),
  answers: {},
  track: "signal",
  audience: "mediator",
  about_office: null,
  accuses: null,
  danger: false,
  identity: { name: "", address: "", contact: "" },
  protect: false,
  position: null,
});

/** An appeal must say whose it is: the law asks for it, and an office need not answer without. A name alone reaches nobody. */
export function lacksIdentity({
  track,
  identity,
  protect,
}: Pick<Draft, "track" | "identity"> & Partial<Draft>): boolean {
  const { name, address, contact } = identity;
  const asked = track === "appeal" ? [name, address, contact] : protect ? [name, contact] : [];
  return asked.some((part) => part.trim() === "");
}

/** What must still be said about who may know, as the id of its heading. */
export function whoIsMissing(one: Draft): string | null {
  if (one.accuses === "named" && one.about_office === null) return "about.which";
  // The village, or what the phone knows of the mediators, became another one since.
  if (one.protect && !sealable.value) return "named.title";
  if (lacksIdentity(one)) return one.track === "appeal" ? "whose.title" : "whose.sealed";
  return null;
}

export const draft = signal<Draft>(fresh());
/**
 * Whether a name can be sealed to the mediators: those of a village that the phone does not know are not known either, and nothing is sealed
 * to those whom it is about.
 */
export const sealable = computed(() => {
  const { village, about_office: about } = draft.value;
  const keys = reference.value?.group_keys;
  return !!keys && keys.office !== about && reference.value?.villages.some(({ code }) => code === village);
});
const mediators = () => reference.value?.group_keys?.public.join();
/** Whether the mediators' keys became others since the person was told of those that the name is to be sealed to. */
export const unseen = (): boolean => draft.value.protect && draft.value.points !== mediators();
const media = signal<ReadyMedium[]>([]);
export const photos = computed(() => media.value.filter(({ blob }) => !isSound(blob)));
export const recordings = computed(() => media.value.filter(({ blob }) => isSound(blob)));

/** Whether something was begun that could be finished. */
export const begun = computed(() => draft.value.category !== null);

/** False until what was being written when the app was last closed has been looked for. */
export const resumed = signal(false);

/** Takes up the draft that was touched last, so that an app that was closed in the middle opens where it was. */
export async function resumeDraft(): Promise<void> {
  const [last] = drafts.value;
  if (last && !begun.value) await open(last, draft.value);
  resumed.value = true;
}

/** Goes on with one that was begun: the review says what it still lacks, and throws it away; not if another one was begun or chosen while it was read. */
export async function goOn(begunOne: Draft): Promise<void> {
  const from = route.value;
  if (begunOne.id !== draft.value.id) await open(begunOne);
  if (begunOne.id !== draft.value.id) return;
  touch(draft.value);
  go("/report/review", { from });
}

/** Opens the first question of a new report; what was begun before stays a draft. */
export function startReport({ danger }: { danger: boolean }): void {
  draft.value = { ...empty(), danger };
  go("/report/what");
}

export function edit(change: Partial<Draft>): void {
  const now = { ...draft.value, ...change };
  // An appeal is an office's to answer: who lets mediators alone read it makes none, and who makes one lets an office read it.
  if (change.audience === "mediator") now.track = "signal";
  if (now.track === "appeal" && now.audience === "mediator") now.audience = "office";
  // Nor does what an appeal opened stay open behind the back of who makes none after all.
  if (change.track === "signal" && draft.value.track === "appeal") now.audience = "mediator";
  // An office that is not in the list cannot be left out: who lets offices read must name it.
  if (now.audience !== "mediator" && now.accuses) now.accuses = "named";
  // What an appeal takes may be too long for a half.
  if (change.protect) now.identity = { ...now.identity, ...fitting(now.identity) };
  draft.value = now;
  touch(now.protect && !sealable.value ? { ...now, protect: false } : now);
}

/** Whether the mediators' keys are others than before, which is said then: from here on the name would be sealed to them. */
export async function seeMediators(): Promise<boolean> {
  const before = [await sealedLastTo(), draft.value.points];
  const points = mediators();
  touch({ ...draft.value, points });
  const others = before.some((one) => one && one !== points);
  // Where it is said; who chose may have gone on from there.
  if (others) scrollTo(0, 0);
  return others;
}

/** Kept as the one that was touched last, whatever the clock says, and as no other window has kept it. */
function touch(one: Draft): void {
  const now = { ...one, editedAt: Math.max(Date.now(), (drafts.value[0]?.editedAt ?? 0) + 1) + Math.random() };
  const from = now.id;
  // It was saved meanwhile, here or in another tab: this is another report.
  if (reported(from)) now.id = uuid7();
  draft.value = now;
  // Who only looked at the first question has begun nothing.
  if (begun.value) keepDraft(now);
  if (now.id !== from) moveDraft(from, now.id, media.value);
}

export function answer(question: string, said: string | number | undefined): void {
  const { [question]: _, ...others } = draft.value.answers;
  edit({ answers: said === undefined ? others : { ...others, [question]: said } });
}

/** Photos that are being re-encoded: whoever saved meanwhile would leave them behind. */
export const preparing = signal(0);
/** Of the files that were chosen last, or of those that a draft had: one is no picture any phone could read, or they were too many. */
export const photoTrouble = signal<"bad" | "most" | null>(null);

/** Re-encodes the chosen ones for the report that is open now, whichever is open when they are ready; no more than it may have. */
export function takePhotos(chosen: Iterable<File>): void {
  awaitAtEnd(take(chosen));
}

async function take(chosen: Iterable<File>): Promise<void> {
  const of = draft.value.id;
  const all = [...chosen];
  const files = all.slice(0, MOST_PHOTOS - photos.value.length - preparing.value);
  photoTrouble.value = all.length > files.length ? "most" : null;
  preparing.value += files.length;
  for (const file of files) {
    try {
      const photo = await preparePhoto(file);
      // Thrown away meanwhile, it has no photos any more.
      if (of === draft.value.id || drafts.value.some(({ id }) => id === of)) {
        keepPart(of, photo.id, photo.blob);
        addMedium(photo, of);
        await draftsKept();
      }
    } catch {
      photoTrouble.value = "bad";
    }
    preparing.value--;
  }
}

/** What is kept already; not shown when another draft was opened meanwhile. */
export function addMedium(medium: ReadyMedium, of: string): void {
  if (of !== draft.value.id) return;
  media.value = [...media.value, medium];
  touch(draft.value);
}

export function removeMedium({ id, url }: ReadyMedium): void {
  URL.revokeObjectURL(url);
  media.value = media.value.filter((one) => one.id !== id);
  discardMedium(id);
  touch(draft.value);
}

/** What is being saved is not saved a second time, over a screen that was left meanwhile, nor changed by a place that comes late. */
export const saving = signal(false);

/** Saves the report and empties the draft; gives the report's id once it is safe, and throws while it is not. */
export async function save(): Promise<string> {
  const said = draft.value;
  saving.value = true;
  try {
    await saveReport({ ...said, happened: happenedOf(said) }, media.value);
    if (draft.value === said) empty();
    return said.id;
  } finally {
    saving.value = false;
    // What was written meanwhile, or what another window has saved as something else, is another report.
    if (reported(draft.value.id)) touch(draft.value);
  }
}

/** Throws away what was begun. */
export async function discard(): Promise<void> {
  const { id } = draft.value;
  // A photo that is being made ready belongs to nothing from here on.
  empty();
  await discardDraft(id);
}

/**
 * In the place of an empty one; not if something was written there, or another one begun or chosen, while its photos are read. Without these
 * nothing is saved.
 */
async function open(kept: Draft, shown = empty()): Promise<void> {
  const before = media.value;
  let unread = 0;
  preparing.value++;
  await draftsKept();
  const read = mediaOfDraft(kept.id, () => {
    unread++;
  });
  const own = await read.catch(() => null);
  preparing.value--;
  if (!own) return;
  if (draft.value === shown) draft.value = kept;
  if (draft.value.id !== kept.id) return;
  // One that was taken meanwhile may have been kept too late to be among these.
  if (media.value !== before) return open(kept, kept);
  media.value = own;
  if (unread > 0) photoTrouble.value = "bad";
}

effect(() => {
  const shown = draft.peek();
  const kept = drafts.value.find(({ id }) => id === shown.id);
  if (!kept || kept.editedAt === shown.editedAt) return;
  // Another window wrote on in it: what is written here from now on is written there.
  draft.value = kept;
  void open(kept, kept);
});

function empty(): Draft {
  for (const { url } of media.value) URL.revokeObjectURL(url);
  draft.value = fresh();
  media.value = [];
  photoTrouble.value = null;
  return draft.value;
}
