import type { JSX } from "preact";
import { t } from "../i18n";
import type { Card, PhoneState } from "../model";
import { mood, stateWords } from "./explain";
import { Icon } from "./icons";

const ROAD = ["saved", "sending", "arrived", "with_office", "answered", "solved"] as const;
const ENDS: Partial<Record<PhoneState, (typeof ROAD)[number]>> = {
  by_sms: "sending",
  disputed: "solved",
  unconfirmed: "solved",
  withdrawing: "saved",
  withdrawn: "solved",
  needs_attention: "arrived",
};

/** The road of a report, with the present station marked; an end other than *solved* stands in its place. */
export function Stations({ card }: { card: Card }): JSX.Element {
  const here = ROAD.indexOf(ENDS[card.state] ?? (card.state as (typeof ROAD)[number]));
  return (
    <ol class="stations">
      {ROAD.map((station, at) => {
        const state = at === here ? card.state : station;
        const past = at < here || (at === here && card.state === "solved");
        return (
          <li
            key={station}
            class={past ? "past" : at === here ? `now ${mood(state)}` : ""}
            aria-current={at === here ? "step" : undefined}
          >
            <span class="dot">
              <Icon sign={at < here ? "check" : state} />
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
