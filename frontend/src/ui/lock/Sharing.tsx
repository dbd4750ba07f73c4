import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { answered, comeAs, lock, lockNow, wipeAnswered } from "../../actions";
import { t } from "../../i18n";
import { Icon, type Sign } from "../icons";
import { go } from "../route";

/** What who shares a phone can do about it. */
export function Sharing(): JSX.Element {
  return (
    <>
      {lock.value && <Act sign="lock" says="lock.now" act={() => lockNow()} />}
      <Act sign="lock" says="lock.pin" act={() => go("/lock/pin")} />
      <Act sign="lock" says="lock.pictures" act={() => go("/lock/pictures")} />
      {lock.value && <Act sign="close" says="lock.off" act={() => go("/lock/off")} />}
      <Act sign="people" says="people.other" act={() => comeAs(null)} />
      <Wipe />
    </>
  );
}

function Act({ sign, says, act }: { sign: Sign; says: string; act: () => void }): JSX.Element {
  return (
    <button type="button" class="button plain" onClick={act}>
      <Icon sign={sign} />
      {t(says)}
    </button>
  );
}

/** Asked once more, since nobody can undo it. */
function Wipe(): JSX.Element | null {
  const asking = useSignal(false);
  if (answered().length === 0) return null;
  const ask = (on: boolean) => () => {
    asking.value = on;
  };
  if (!asking.value) return <Act sign="withdrawn" says="wipe.open" act={ask(true)} />;
  return (
    <section class="card stack">
      <h2>{t("wipe.open")}</h2>
      <p>{t("wipe.means")}</p>
      <button type="button" class="button alarm wide" onClick={() => void wipeAnswered()}>
        {t("wipe.yes")}
      </button>
      <button type="button" class="button wide" onClick={ask(false)}>
        {t("withdraw.no")}
      </button>
    </section>
  );
}
