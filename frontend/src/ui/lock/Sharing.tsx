import type { JSX } from "preact";
import { answered, comeAs, keeps, lock, lockNow, wipeAnswered } from "../../actions";
import { t } from "../../i18n";
import { Icon, type Sign } from "../icons";
import { go } from "../route";
import { Sure } from "../Sure";

/** What who shares a phone can do about it; where nothing is kept there is nothing to lock. */
export function Sharing(): JSX.Element | null {
  if (!keeps()) return null;
  return (
    <>
      {lock.value && <Act sign="lock" says="lock.now" act={() => lockNow()} />}
      <Act sign="lock" says="lock.pin" act={() => go("/lock/pin")} />
      <Act sign="lock" says="lock.pictures" act={() => go("/lock/pictures")} />
      {lock.value && <Act sign="close" says="lock.off" act={() => go("/lock/off")} />}
      <Act sign="people" says="people.other" act={() => void comeAs(null)} />
      {answered().length > 0 && (
        <Sure sign="withdrawn" open="wipe.open" means="wipe.means" yes="wipe.yes" act={wipeAnswered} />
      )}
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
