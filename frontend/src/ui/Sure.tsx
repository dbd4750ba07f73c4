import type { JSX } from "preact";
import { t } from "../i18n";
import { useSignal } from "../signals";
import { useDoing } from "./doing";
import { Icon, type Sign } from "./icons";
import { Note } from "./Screen";

interface Asked {
  sign: Sign;
  open: string;
  title?: string;
  means: string;
  yes: string;
  act: () => Promise<unknown>;
}

/** Asked once more, since nobody can undo it. */
export function Sure({ sign, open, title = open, means, yes, act }: Asked): JSX.Element {
  const asking = useSignal(false);
  const { state, doing, failed } = useDoing();
  const ask = (on: boolean) => () => {
    asking.value = on;
    state.value = null;
  };
  const done = state.value === "done";
  if (!asking.value || done) {
    return (
      <>
        {/* Else nobody could ask for it again. */}
        {done && <Note>{t("net.waiting")}</Note>}
        <button type="button" class="button plain" onClick={ask(true)}>
          <Icon sign={sign} />
          {t(open)}
        </button>
      </>
    );
  }
  return (
    <section class="card stack">
      <h2>{t(title)}</h2>
      <p>{t(means)}</p>
      {failed}
      <YesNo yes={yes} act={doing(act)} leave={ask(false)} />
    </section>
  );
}

/** The way on and the way back. */
export function YesNo({
  yes,
  act,
  leave,
}: {
  yes: string;
  act: (event: Event) => void;
  leave: () => void;
}): JSX.Element {
  return (
    <>
      <button type="button" class="button alarm wide" onClick={act}>
        <Icon sign="check" />
        {t(yes)}
      </button>
      <button type="button" class="button wide" onClick={leave}>
        <Icon sign="back" />
        {t("withdraw.no")}
      </button>
    </>
  );
}
