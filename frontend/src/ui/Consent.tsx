import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { consent, consented, storageTrouble } from "../actions";
import { t } from "../i18n";
import { useSignal } from "../signals";
import { useDoing } from "./doing";
import { Icon, type Sign } from "./icons";
import { save } from "./report/draft";
import { back, go, goHome, route } from "./route";
import { Note, Screen } from "./Screen";

const SAID: [Sign, string][] = [
  ["people", "consent.readers"],
  ["unnamed", "consent.name"],
  ["phone", "consent.phone"],
  ["withdrawn", "consent.erased"],
  ["count", "consent.counted"],
];

/** Before the report that is being written (`of` is *save*), after one of danger (its id), or to be read again. */
export function Consent({ of }: { of: string | undefined }): JSX.Element {
  const { state, doing } = useDoing();
  const given = useSignal<boolean | null>(null);
  useEffect(() => {
    void consented().then((yes) => {
      given.value = yes;
    });
  }, []);
  const agree = doing(async () => {
    const from = route.value;
    await consent(of === "save" ? undefined : of);
    goHome(of === "save" ? `/saved/${await save()}` : "/", from);
  });
  const dock = (
    <>
      <button type="button" class="button plain" onClick={() => refuse(of)}>
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
    <Screen
      title={t("consent.title")}
      parent={of === "save" ? "/report/review" : "/"}
      dock={given.value === false && dock}
    >
      {state.value === "failed" && storageTrouble.value !== "full" && <Note alarm>{t("review.failed")}</Note>}
      <ul class="stack">
        {SAID.map(([sign, id]) => (
          <li key={id} class="said">
            <Icon sign={sign} />
            <span>{t(id)}</span>
          </li>
        ))}
      </ul>
      {given.value && <p class="soft">{t("consent.given")}</p>}
    </Screen>
  );
}

/** Nothing was saved, or what went before can be taken back. */
function refuse(of: string | undefined): void {
  if (of && of !== "save") go(`/mine/${of}`, { replace: true });
  else back(of ? "/report/review" : "/");
}
