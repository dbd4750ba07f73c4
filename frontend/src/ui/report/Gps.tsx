import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isPlaced, locate } from "../../actions";
import { t } from "../../i18n";
import { useSignal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";
import { draft, edit } from "./draft";
import { Instead } from "./Where";

/** Where the phone is, as a choice: beside the village or instead of it. Nobody waits for it, and who has gone on sends no place. */
export function Gps(): JSX.Element {
  const looking = useSignal(false);
  const failed = useSignal(false);
  useEffect(
    () => () => {
      looking.value = false;
    },
    [],
  );
  const { position } = draft.value;
  if (position) {
    return (
      <div class="note stack">
        <p>{t("where.gps_got", { m: position.accuracy_m })}</p>
        {isPlaced({ village: null, position }) && <Instead village={null} />}
        <button type="button" class="button plain" onClick={() => edit({ position: null })}>
          {t("where.gps_drop")}
        </button>
      </div>
    );
  }
  if (looking.value) return <p role="status">{t("where.gps_wait")}</p>;
  const look = async () => {
    looking.value = true;
    failed.value = false;
    try {
      const position = await locate();
      if (looking.value) edit({ position });
    } catch {
      failed.value = true;
    }
    looking.value = false;
  };
  return (
    <>
      <button type="button" class="button" onClick={look}>
        <Icon sign="here" />
        {t("where.gps")}
      </button>
      {failed.value && <Note>{t("where.gps_none")}</Note>}
    </>
  );
}
