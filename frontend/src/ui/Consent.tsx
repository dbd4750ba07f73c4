import type { JSX } from "preact";
import { consent, consented, storageTrouble } from "../actions";
import { t } from "../i18n";
import { useDoing } from "./doing";
import { useFound } from "./found";
import { Icon, type Sign } from "./icons";
import { save } from "./report/draft";
import { back, go, goHome, route } from "./route";
import { Screen } from "./Screen";

const SAID: [Sign, string][] = [
  ["people", "consent.readers"],
  ["unnamed", "consent.name"],
  ["phone", "consent.phone"],
  ["withdrawn", "consent.erased"],
  ["count", "consent.counted"],
];

/** Before the report that is being written (`of` is *save*), after one of danger (its id), or to be read again. */
export function Consent({ of }: { of: string | undefined }): JSX.Element {
  const saves = of === "save";
  const parent = saves ? "/report/review" : "/";
  const { state, doing, failed } = useDoing("review.failed");
  const given = useFound(consented);
  const agree = doing(async () => {
    const from = route.value;
    await consent(saves ? undefined : of);
    goHome(saves ? `/saved/${await save()}` : "/", from);
  });
  // Nothing was saved, or what went before can be taken back.
  const refuse = () => (of && !saves ? go(`/mine/${of}`, { replace: true }) : back(parent));
  const dock = (
    <>
      <button type="button" class="button plain" onClick={refuse}>
        <Icon sign="close" />
        {t("consent.no")}
      </button>
      <button type="button" class="button main wide" disabled={state.value === "doing"} onClick={agree}>
        <Icon sign="check" />
        {t("consent.yes")}
      </button>
    </>
  );
  return (
    <Screen title={t("consent.title")} parent={parent} dock={given === false && dock}>
      {storageTrouble.value !== "full" && failed}
      <ul class="stack">
        {SAID.map(([sign, id]) => (
          <li key={id} class="said">
            <Icon sign={sign} />
            <span>{t(id)}</span>
          </li>
        ))}
      </ul>
      {given && <p class="soft">{t("consent.given")}</p>}
    </Screen>
  );
}
