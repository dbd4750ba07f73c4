import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { withdraw } from "../actions";
import { t } from "../i18n";
import { Icon } from "./icons";
import { Note } from "./Screen";

/** Taking a report back: asked once more, since nobody can undo it. */
export function Withdraw({ id }: { id: string }): JSX.Element {
  const asking = useSignal(false);
  const failed = useSignal(false);
  const take = async () => {
    try {
      await withdraw(id);
    } catch {
      failed.value = true;
    }
  };
  const ask = (on: boolean) => () => {
    asking.value = on;
  };
  if (!asking.value) {
    return (
      <button type="button" class="button plain" onClick={ask(true)}>
        <Icon sign="withdrawing" />
        {t("withdraw.open")}
      </button>
    );
  }
  return (
    <section class="card stack">
      <h2>{t("withdraw.question")}</h2>
      <p>{t("withdraw.means")}</p>
      {failed.value && <Note alarm>{t("solved.failed")}</Note>}
      <button type="button" class="button alarm wide" onClick={take}>
        {t("withdraw.yes")}
      </button>
      <button type="button" class="button wide" onClick={ask(false)}>
        {t("withdraw.no")}
      </button>
    </section>
  );
}
