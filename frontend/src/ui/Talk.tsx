import type { JSX } from "preact";
import { type ReadyMedium, reply } from "../actions";
import { named, t } from "../i18n";
import { instant } from "../i18n/dates";
import type { Card, Talk as Told } from "../model";
import { MOST_TEXT } from "../model/limits";
import { useSignal } from "../signals";
import { awaited, isTakenBack, stillHere } from "./explain";
import { Icon } from "./icons";
import { Sounds } from "./Sound";
import { Speech } from "./Speech";

/** Whether the office waits for the reporter: it asked last, and its answer is still to come. */
export function asked({ talk, state }: Pick<Card, "talk" | "state">): boolean {
  return !!talk[talk.length - 1]?.office && awaited(state) && !isTakenBack(state);
}

/** What the office asked and the reporter replied; `of` is the reporter's own report. */
export function Talk({ talk, of }: { talk: Told[]; of?: string }): JSX.Element | null {
  if (talk.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t("talk.title")}</h2>
      {talk.map(({ id, text, language, office, media, at_ms: at, waiting }) => (
        <div key={id} class={office ? "card answer" : "card"}>
          <Words text={text} language={language} />
          <Sounds media={media} of={of} />
          <p class="small soft">
            {office ? named(office.names) : t("talk.reply")} · {waiting ? stillHere() : instant(at)}
          </p>
        </div>
      ))}
    </section>
  );
}

export function Words({ text, language }: { text: string; language: string }): JSX.Element | null {
  if (!text) return null;
  return (
    <p class="words" lang={language}>
      {text}
    </p>
  );
}

/** The road back, open at any time: kept on this phone first, sent like everything else. */
export function Reply({ card }: { card: Card }): JSX.Element | null {
  const open = useSignal(false);
  // What was begun when the answer came is not taken out of anybody's hands.
  open.value ||= asked(card);
  if (isTakenBack(card.state)) return null;
  if (!open.value) {
    return (
      <button
        type="button"
        class="button plain"
        onClick={() => {
          open.value = true;
        }}
      >
        <Icon sign="answered" />
        {t("talk.more")}
      </button>
    );
  }
  const say = async (text: string, media: ReadyMedium[]) => {
    await reply(card.id, text, media);
    open.value = false;
  };
  return (
    <section class="card">
      <Speech of={card.id} label="talk.yours" most={MOST_TEXT} say={say} />
    </section>
  );
}
