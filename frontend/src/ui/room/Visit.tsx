import type { JSX } from "preact";
import { addFollowUp } from "../../actions/mediating";
import { mine } from "../../actions/opening";
import { t } from "../../i18n";
import { FIRST_DAY, isoDay } from "../../i18n/dates";
import type { FollowUp } from "../../model";
import { MOST_TEXT } from "../../model/limits";
import { useSignal } from "../../signals";
import { useBegun } from "../begun";
import { useDoing } from "../doing";
import { Options } from "../Options";
import { back } from "../route";
import { Screen } from "../Screen";
import { Area } from "./Field";

const KINDS: FollowUp["kind"][] = ["visit", "call", "meeting"];

/** A clock that says 1970 fills in no day, and forbids none. */
function believed(): string | undefined {
  const today = isoDay(new Date());
  return today > FIRST_DAY ? today : undefined;
}

/** A visit, a call or a meeting; saved on the phone first, like everything else. */
export function Visit({ id }: { id: string }): JSX.Element {
  const kind = useSignal<FollowUp["kind"]>("visit");
  const today = believed();
  const date = useSignal(today ?? "");
  const text = useSignal("");
  const { state, doing, failed } = useDoing();
  useBegun(
    mine(id),
    () => text.value && JSON.stringify([kind.value, date.value, text.value]),
    ({ words }) => {
      if (!words) return;
      const [of, on, said] = JSON.parse(words);
      [kind.value, date.value, text.value] = [of, on, said + text.value];
    },
  );
  const ready = date.value !== "" && text.value.trim() !== "";
  const save = async () => {
    await addFollowUp(id, { kind: kind.value, happened_on: date.value, text: text.value.trim() });
    back(`/room/${id}`);
  };
  const button = (
    <button type="button" class="button main wide" disabled={!ready || state.value === "done"} onClick={doing(save)}>
      {t("review.save")}
    </button>
  );
  return (
    <Screen title={t("visit.title")} parent={`/room/${id}`} dock={button}>
      {failed}
      <Options
        legend={t("visit.kind")}
        across
        value={kind.value}
        choose={(value) => {
          kind.value = value;
        }}
        options={KINDS.map((value) => ({ value, label: t(`visit.${value}`) }))}
      />
      <label class="stack">
        <strong>{t("when.which")}</strong>
        <input
          type="date"
          max={today}
          value={date.value}
          onInput={(event) => {
            date.value = event.currentTarget.value;
          }}
        />
      </label>
      <Area label={t("visit.text")} value={text} rows={5} most={MOST_TEXT} />
      {!ready && <p class="small soft">{t("visit.need")}</p>}
    </Screen>
  );
}
