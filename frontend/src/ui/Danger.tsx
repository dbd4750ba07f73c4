import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { addPerson, gate, isOpen } from "../actions";
import { t } from "../i18n";
import { Icon } from "./icons";
import { startReport } from "./report/draft";
import { go } from "./route";
import { Note, Screen } from "./Screen";

const NUMBERS = ["102", "112"];

/** Before a report of danger: whom to call, and what this app is not. Who comes to a locked phone reports from a place of their own. */
export function Danger({ pressed }: { pressed: boolean }): JSX.Element {
  const begin = () => (gate.value ? void addPerson("/#/danger/report") : startReport({ danger: true }));
  useEffect(() => {
    if (!pressed || !isOpen()) return;
    go("/danger", { replace: true });
    begin();
  }, []);
  const report = (
    <button type="button" class="button alarm main wide" onClick={begin}>
      <Icon sign="add" />
      {t("danger.report")}
    </button>
  );
  return (
    <Screen title={t("danger.not112")} dock={(isOpen() || gate.value) && report}>
      <p>{t("danger.call_first")}</p>
      {gate.value && <Note>{t("danger.no_code")}</Note>}
      <div class="pair">
        {NUMBERS.map((number) => (
          <a key={number} class="button alarm" href={`tel:${number}`}>
            <Icon sign="call" />
            {t("danger.call", { number })}
          </a>
        ))}
      </div>
    </Screen>
  );
}
