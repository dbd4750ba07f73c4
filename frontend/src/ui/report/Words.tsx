import type { JSX } from "preact";
import { t } from "../../i18n";
import { MOST_TEXT } from "../../model/limits";
import { draft, edit, photos, recordings } from "./draft";
import { NextButton, StepScreen } from "./Flow";
import { Photos } from "./Photos";
import { taping, Voice } from "./Voice";

const SAY_WHAT_IS_LEFT = 500;

/** Letters, as the server counts them; below 0 it takes none of it. */
export function leftOf(text: string, most: number): number {
  return most - [...text].length;
}

export function Left({ left }: { left: number }): JSX.Element | null {
  return left < SAY_WHAT_IS_LEFT ? <p class="small soft">{t("words.left", { n: left })}</p> : null;
}

export function Words(): JSX.Element {
  const { text } = draft.value;
  const left = leftOf(text, MOST_TEXT);
  const enough = text.trim() !== "" || photos.value.length > 0 || recordings.value.length > 0 || taping.value !== null;
  return (
    <StepScreen step="words" title={t("words.title")} dock={<NextButton step="words" disabled={!enough || left < 0} />}>
      <Voice />
      <label class="stack">
        <span class="soft" id="words-hint">
          {t("words.hint")}
        </span>
        <textarea
          rows={6}
          maxLength={MOST_TEXT}
          // A browser that looks words up elsewhere must not show these to anybody.
          spellcheck={false}
          value={text}
          aria-label={t("words.title")}
          aria-describedby="words-hint"
          onInput={(event) => edit({ text: event.currentTarget.value })}
        />
      </label>
      <Left left={left} />
      <Photos />
      {!enough && <p class="small soft">{t("words.need")}</p>}
    </StepScreen>
  );
}
