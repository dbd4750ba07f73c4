import type { JSX } from "preact";
import { type Looked, lookUp } from "../actions";
import { t } from "../i18n";
import type { PhoneState } from "../model";
import { parsed } from "../model/receipts";
import { useSignal } from "../signals";
import { mood } from "./explain";
import { Icon } from "./icons";
import { Note, Screen } from "./Screen";
import { Hear } from "./Stations";
import { tonesOf } from "./tones";

const TROUBLES: Looked[] = ["not_found", "malformed", "offline"];

/** How far a report is, for whoever holds its receipt; from any phone. */
export function LookUp({ of = "" }: { of: string | undefined }): JSX.Element {
  const receipt = useSignal(of);
  const found = useSignal<Looked | "looking" | null>(null);
  const whole = parsed(receipt.value);
  const ask = async (event: Event) => {
    event.preventDefault();
    const asked = receipt.value;
    found.value = "looking";
    const answer = await lookUp(asked);
    // Meanwhile another one may have been typed.
    if (receipt.value === asked) found.value = answer;
  };
  const said = found.value;
  const answered = said !== null && said !== "looking";
  const trouble = answered && TROUBLES.includes(said);
  // Closed: the receipt does not say how.
  const state = answered && !trouble ? ((said === "closed" ? "unconfirmed" : said) as PhoneState) : null;
  const words = t(said === "closed" ? "lookup.closed" : `state.${said}`);
  return (
    <Screen title={t("lookup.title")}>
      <p>{t("lookup.means")}</p>
      <form class="stack" onSubmit={ask}>
        <label class="stack">
          <strong>{t("receipt")}</strong>
          <input
            type="text"
            class="receipt"
            autocapitalize="characters"
            autocomplete="off"
            spellcheck={false}
            placeholder="XXXX-XXX-XXXX"
            maxLength={20}
            value={receipt.value}
            onInput={(event) => {
              receipt.value = event.currentTarget.value;
              found.value = null;
            }}
          />
        </label>
        {whole !== undefined && (
          <span class={whole ? "status good" : "status alarm"} role="status">
            <Icon sign={whole ? "check" : "danger"} />
            {t(whole ? "lookup.right" : "lookup.malformed")}
          </span>
        )}
        <button type="submit" class="button main" disabled={!whole || said === "looking"}>
          {t("lookup.ask")}
        </button>
      </form>
      <div role="status">
        {said === "looking" && <p>{t("loading")}</p>}
        {trouble && <Note alarm>{t(`lookup.${said}`)}</Note>}
        {state && (
          <p class={`status ${mood(state)}`}>
            <Icon sign={state} />
            {words}
          </p>
        )}
      </div>
      {state && <Hear tones={tonesOf({ state }, false)} words={words} />}
    </Screen>
  );
}
