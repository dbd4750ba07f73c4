/** The report being written. Every change is kept on the phone at once, so that a dead battery costs no word. */
import { computed, signal } from "@preact/signals";
import {
  discardDraft,
  discardMedium,
  drafts,
  isSound,
  keepDraft,
  keepPart,
  loadDrafts,
  mediaOfDraft,
  type ReadyMedium,
  saveReport,
} from "../../actions";
import type { Draft } from "../../model";
import { uuid7 } from "../../model/uuid7";
import { go } from "../route";

const fresh = (): Draft => ({
  id: uuid7(),
  editedAt: 0,
  category: null,
  village: null,
  text: "",
  happened: { when: "now", date: null },
  answers: {},
  track: "signal",
  audience: "mediator",
  about_office: null,
  danger: false,
  identity: { name: "", address: "", contact: "" },
  position: null,
});

/** An appeal must say whose it is: the law asks for it, and an office need not answer without. A name alone reaches nobody. */
export function lacksIdentity({ track, identity, protect }: Pick<Draft, "track" | "identity" | "protect">): boolean {
  const { name, address, contact } = identity;
  const asked = track === "appeal" ? [name, address, contact] : protect ? [name, contact] : [];
  return asked.some((part) => part.trim() === "");
}

export const draft = signal<Draft>(fresh());
const media = signal<ReadyMedium[]>([]);
export const photos = computed(() => media.value.filter(({ blob }) => !isSound(blob)));
export const recordings = computed(() => media.value.filter(({ blob }) => isSound(blob)));

/** Whether something was begun that could be finished. */
export const begun = computed(() => draft.value.category !== null);

/** False until what was being written when the app was last closed has been looked for. */
export const resumed = signal(false);

/** Takes up the draft that was touched last, so that an app that was closed in the middle opens where it was. */
export async function resumeDraft(): Promise<void> {
  try {
    await loadDrafts();
    const [last] = drafts.value;
    if (last && !begun.value) await open(last);
  } finally {
    resumed.value = true;
  }
}

/** Goes on with one that was begun. */
export async function goOn(begunOne: Draft): Promise<void> {
  if (begunOne.id !== draft.value.id) await open(begunOne);
  go("/report/review");
}

/** Opens the first question of a new report; what was begun before stays a draft. */
export function startReport({ danger }: { danger: boolean }): void {
  empty();
  draft.value = { ...draft.value, danger };
  go("/report/what");
}

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change, editedAt: Date.now() };
  // Who only looked at the first question has begun nothing.
  if (begun.value) keepDraft(draft.value);
}

export function answer(question: string, said: string | number | undefined): void {
  const { [question]: _, ...others } = draft.value.answers;
  edit({ answers: said === undefined ? others : { ...others, [question]: said } });
}

export function addPhoto(photo: ReadyMedium): void {
  keepPart(draft.value.id, photo.id, photo.blob);
  addMedium(photo, draft.value.id);
}

/** What is kept already; not shown when another draft was opened meanwhile. */
export function addMedium(medium: ReadyMedium, of: string): void {
  if (of === draft.value.id) media.value = [...media.value, medium];
}

export function removeMedium({ id, url }: ReadyMedium): void {
  URL.revokeObjectURL(url);
  media.value = media.value.filter((one) => one.id !== id);
  discardMedium(id);
}

/** Saves the report and empties the draft; gives the report's id once it is safe, and throws while it is not. */
export async function save(): Promise<string> {
  const { id } = await saveReport(draft.value, media.value);
  empty();
  return id;
}

/** Throws away what was begun. */
export async function discard(): Promise<void> {
  await discardDraft(draft.value.id);
  empty();
}

async function open(kept: Draft): Promise<void> {
  const own = await mediaOfDraft(kept.id);
  empty();
  draft.value = kept;
  media.value = own;
}

function empty(): void {
  for (const { url } of media.value) URL.revokeObjectURL(url);
  draft.value = fresh();
  media.value = [];
}
