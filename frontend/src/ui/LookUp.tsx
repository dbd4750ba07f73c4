import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type Looked, lookUp } from "../actions";
import { t } from "../i18n";
import { Note, Screen } from "./Screen";

const TROUBLES: Looked[] = ["unknown", "copied_wrong", "offline"];

/** How far a report is, for whoever holds its receipt; from any phone. */
export function LookUp(): JSX.Element {
  const receipt = useSignal("");
  const found = useSignal<Looked | "looking" | null>(null);
  const ask = async (event: Event) => {
    event.preventDefault();
    found.value = "looking";
    found.value = await lookUp(receipt.value);
  };
  const said = found.value;
  const trouble = said !== null && said !== "looking" && TROUBLES.includes(said);
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
        <button type="submit" class="button main" disabled={receipt.value.trim() === "" || said === "looking"}>
          {t("lookup.ask")}
        </button>
      </form>
      <div role="status">
        {said === "looking" && <p>{t("loading")}</p>}
        {said !== null && said !== "looking" && (
          <Note alarm={trouble}>{t(trouble ? `lookup.${said}` : stateId(said))}</Note>
        )}
      </div>
    </Screen>
  );
}

function stateId(state: Looked): string {
  return state === "closed" ? "lookup.closed" : `state.${state}`;
}
