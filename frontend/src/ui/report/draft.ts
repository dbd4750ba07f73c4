/** The report being written. Every change is kept on the phone at once, so that a dead battery costs no word. */
import { computed, signal } from "@preact/signals";
import { discardDraft, keepDraft, loadDraft, type ReadyPhoto, saveReport } from "../../actions";
import type { Draft } from "../../model";
import { go } from "../route";

const EMPTY: Draft = {
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
};

/** An appeal must say whose it is: the law asks for it, and an office need not answer without. */
export function lacksIdentity({ track, identity }: Draft): boolean {
  return track === "appeal" && Object.values(identity).some((part) => part.trim() === "");
}

export const draft = signal<Draft>(EMPTY);
export const photos = signal<ReadyPhoto[]>([]);

/** Whether something was begun that could be finished. */
export const begun = computed(() => draft.value.category !== null);

/** False until what was being written when the app was last closed has been looked for. */
export const resumed = signal(false);

export async function resumeDraft(): Promise<void> {
  try {
    const kept = await loadDraft();
    if (kept && !begun.value) {
      draft.value = { ...EMPTY, ...kept.draft };
      photos.value = kept.photos;
    }
  } finally {
    resumed.value = true;
  }
}

/** Opens the first question; what was begun and not saved is taken up again. */
export function startReport({ danger }: { danger: boolean }): void {
  if (danger) edit({ danger: true, happened: { when: "now", date: null } });
  go("/report/what");
}

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
  keep();
}

export function answer(question: string, said: string | number | undefined): void {
  const { [question]: _, ...others } = draft.value.answers;
  edit({ answers: said === undefined ? others : { ...others, [question]: said } });
}

export function addPhoto(photo: ReadyPhoto): void {
  photos.value = [...photos.value, photo];
  keep();
}

export function removePhoto(id: string): void {
  for (const photo of photos.value) if (photo.id === id) URL.revokeObjectURL(photo.previewUrl);
  photos.value = photos.value.filter((photo) => photo.id !== id);
  keep();
}

/** Saves the report and empties the draft; gives the report's id once it is safe, and throws while it is not. */
export async function save(): Promise<string> {
  const { id } = await saveReport(draft.value, photos.value);
  empty();
  return id;
}

/** Throws away what was begun. */
export async function discard(): Promise<void> {
  await discardDraft();
  empty();
}

function empty(): void {
  for (const photo of photos.value) URL.revokeObjectURL(photo.previewUrl);
  draft.value = EMPTY;
  photos.value = [];
}

function keep(): void {
  // A draft that did not fit is said by `storageTrouble`; typing goes on.
  keepDraft(draft.value, photos.value).catch(() => undefined);
}
