import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { reply } from "../actions";
import { named, t } from "../i18n";
import { instant } from "../i18n/dates";
import type { Card, Talk as Told } from "../model";
import { awaited } from "./explain";
import { Icon } from "./icons";
import { Note } from "./Screen";

const MOST = 5000;

/** Whether the office waits for the reporter: it asked last, and its answer is still to come. */
export function asked({ talk, state }: Pick<Card, "talk" | "state">): boolean {
  return !!talk[talk.length - 1]?.office && awaited(state) && !state.startsWith("withdr");
}

/** What the office asked and the reporter replied. */
export function Talk({ talk }: { talk: Told[] }): JSX.Element | null {
  if (talk.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t("talk.title")}</h2>
      {talk.map(({ id, text, language, office, at_ms: at, waiting }) => (
        <div key={id} class={office ? "card answer" : "card"}>
          <p class="words" lang={language}>
            {text}
          </p>
          <p class="small soft">
            {office ? named(office.names) : t("talk.reply")} · {waiting ? t("medium.waiting") : instant(at)}
          </p>
        </div>
      ))}
    </section>
  );
}

/** The road back: kept on this phone first, sent like everything else. */
export function Reply({ card }: { card: Card }): JSX.Element | null {
  const text = useSignal("");
  const failed = useSignal(false);
  if (!asked(card)) return null;
  const send = async () => {
    failed.value = false;
    try {
      await reply(card.id, text.value.trim());
      text.value = "";
    } catch {
      failed.value = true;
    }
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {failed.value && <Note alarm>{t("solved.failed")}</Note>}
      <label class="stack">
        <span>{t("talk.yours")}</span>
        <textarea
          rows={3}
          maxLength={MOST}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button main" disabled={text.value.trim() === ""}>
        <Icon sign="sending" />
        {t("review.save")}
      </button>
    </form>
  );
}
