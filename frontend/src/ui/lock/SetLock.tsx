import type { JSX } from "preact";
import { lock, lockWith, takeOffLock } from "../../actions";
import { t } from "../../i18n";
import type { LockKind } from "../../model";
import { useSignal } from "../../signals";
import { back, route } from "../route";
import { Note, Screen } from "../Screen";
import { Code, Trouble } from "./Code";

/** Sets a lock, changes it, or takes it off: the present code first, then the new one twice. */
export function SetLock({ to }: { to: string }): JSX.Element {
  const present = useSignal<string | undefined>(undefined);
  const first = useSignal<string | null>(null);
  const outcome = useSignal<string | null>(null);
  const tries = useSignal(0);
  const kind: LockKind = to === "pictures" ? to : "pin";
  const off = to === "off";

  const told = (said: string) => {
    // It took a moment, in which the person may have gone elsewhere.
    if (said === "done") return route.value[0] === "lock" ? back("/phone") : undefined;
    present.value = undefined;
    first.value = null;
    outcome.value = said;
    tries.value++;
  };
  const old = async (code: string) => {
    outcome.value = null;
    if (off) told(await takeOffLock(code));
    else present.value = code;
  };
  const next = async (code: string) => {
    outcome.value = null;
    if (first.value === null) first.value = code;
    else if (first.value === code) told(await lockWith(kind, code, present.value));
    else {
      first.value = null;
      outcome.value = "differs";
    }
  };
  const before = lock.value && present.value === undefined ? lock.value : null;
  const label = before ? "lock.enter" : first.value === null ? `lock.new_${kind}` : "lock.again";
  return (
    <Screen title={t(off ? "lock.off" : `lock.${kind}`)} parent="/phone">
      <Trouble outcome={outcome.value} tries={tries.value} />
      <Code kind={before ?? kind} label={t(label)} done={before ? old : next} />
      {!off && <Note>{t("lock.means")}</Note>}
    </Screen>
  );
}
