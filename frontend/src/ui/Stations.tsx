import type { JSX } from "preact";
import { keeps, sound } from "../actions";
import { t } from "../i18n";
import type { Card } from "../model";
import { mood, signOf, stateWords } from "./explain";
import { Icon } from "./icons";
import { asked } from "./Talk";
import { ROAD, stationOf, tonesOf } from "./tones";

/** The road of a report, with the present station marked; an end other than *solved* stands in its place. */
export function Stations({ card }: { card: Card }): JSX.Element {
  const here = stationOf(card.state);
  const unanswered = card.state === "withdrawn" && card.answers.length === 0;
  return (
    <ol class="stations">
      {ROAD.map((station, at) => {
        if (unanswered && station === "answered") return null;
        // From the memory of a page it went without having been saved.
        if (at < here && station === "saved" && !keeps()) return null;
        const state = at === here ? card.state : station;
        const past = at < here || (at === here && card.state === "solved");
        return (
          <li
            key={station}
            class={past ? "past" : at === here ? `now ${mood(state)}` : ""}
            aria-current={at === here ? "step" : undefined}
          >
            <span class="dot">
              <Icon sign={at < here ? "check" : signOf(state, card.audience)} />
            </span>
            <span>
              {at >= here || station === "with_office"
                ? stateWords({ state, office: card.office })
                : t(station === "sending" ? "state.sent" : `state.${station}`)}
              <span class="unseen">
                {at < here ? `, ${t("state.done")}` : at === here ? `, ${t("state.current")}` : ""}
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** How far it is, for the ear. */
export function Heard({ card }: { card: Card }): JSX.Element {
  const question = asked(card);
  const words = [stateWords(card), question && t("talk.asked")].filter(Boolean).join(". ");
  return <Hear tones={tonesOf(card, question)} words={words} />;
}

export function Hear({ tones, words }: { tones: number[]; words: string }): JSX.Element {
  return (
    <button type="button" class="button plain" onClick={() => sound(tones, words)}>
      <Icon sign="speaker" />
      {t("sound.state")}
    </button>
  );
}
