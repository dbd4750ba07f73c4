import type { JSX } from "preact";
import { isPlaced, locate } from "../../actions";
import { t } from "../../i18n";
import { signal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";
import { draft, edit, saving } from "./draft";
import { Instead } from "./Where";

/** Of which draft the place is being looked for, and of which it was not found. */
const looking = signal("");
const failed = signal("");

/** Where the phone is, as a choice: beside the village or instead of it. Nobody waits for it. */
export function Gps(): JSX.Element {
  const { id, position } = draft.value;
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
  if (looking.value === id) return <p role="status">{t("where.gps_wait")}</p>;
  return (
    <>
      <button type="button" class="button" onClick={look}>
        <Icon sign="here" />
        {t("where.gps")}
      </button>
      {failed.value === id && <Note>{t("where.gps_none")}</Note>}
    </>
  );
}

async function look(): Promise<void> {
  const { id } = draft.value;
  looking.value = id;
  failed.value = "";
  try {
    const position = await locate();
    // It may come when this report is saved already, or another is being written.
    if (draft.value.id === id && !saving.value) edit({ position });
  } catch {
    failed.value = id;
  }
  if (looking.value === id) looking.value = "";
}
