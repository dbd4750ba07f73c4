/** What the phone's own words for a state look like, and a sentence for everything that needs the person's attention. */
import { keeps, mobileData, photosOnWifi } from "../actions";
import { has, named, t } from "../i18n";
import type { Card, PhoneState } from "../model";
import type { Sign } from "./icons";

export type Mood = "calm" | "good" | "alarm";

export function mood(state: PhoneState): Mood {
  if (state === "needs_attention" || state === "disputed") return "alarm";
  return state === "answered" || state === "solved" ? "good" : "calm";
}

/** "With: Ak-Sai aiyl okmotu" where the office is known. */
export function stateWords(card: Pick<Card, "state" | "office">): string {
  if (card.state === "with_office" && card.office) return t("state.with_named", { office: named(card.office.names) });
  // In the memory of a page nothing is saved: it is sent, or it is not.
  return t(card.state === "saved" && !keeps() ? "net.waiting" : `state.${card.state}`);
}

/** The picture of a state. What only mediators read is with people: a house of the state would frighten who was promised that. */
export function signOf(state: PhoneState, audience: Card["audience"]): Sign {
  return state === "with_office" && audience === "mediator" ? "people" : state;
}

/** Whether an answer is still due, in the words of a phone's state or of a case's status. */
export function awaited(state: string): boolean {
  return !["answered", "solved", "unconfirmed"].includes(state);
}

/** Whether the reporter took it back, also where the server has not heard it. */
export function isTakenBack(state: PhoneState): boolean {
  return state.startsWith("withdr");
}

/** Of something that has not gone yet. In the memory of a page nothing is said to be kept. */
export const stillHere = () => t(keeps() ? "medium.waiting" : "net.waiting");

/** Photos go by Wi-Fi alone, and this link is another one. */
export const onWifiOnly = () => photosOnWifi.value && mobileData.value;

/** Whether something of it is still on this phone alone. */
export function waits({ unsent, media, talk }: Pick<Card, "unsent" | "media" | "talk">): boolean {
  const all = [...media, ...talk.flatMap((told) => told.media)];
  return unsent.length > 0 || all.some(({ state }) => state === "expected");
}

/** The sentence of a code of the server, for the person: its own `detail` is English, and for whom looks into it there. */
export function sentence(code: string | null): string {
  // Which of the choices it is, the person sees in the report. What is another one than what came first has no receipt of its own either.
  const id = `code.${code?.replace(/_(category|village|office)$/, "").replace(/^changed$/, "receipt_taken")}`;
  return t(code && has(id) ? id : "code.other");
}
