import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { chooseAudience } from "../actions";
import { named, t } from "../i18n";
import type { Audience, Card } from "../model";
import { Icon } from "./icons";
import { Options } from "./Options";
import { Note } from "./Screen";

const AUDIENCES: Audience[] = ["mediator", "office", "border"];

/** Who may read, to be changed at any time, and who has read already: whoever narrows must know. */
export function Readers({ card }: { card: Card }): JSX.Element {
  const choosing = useSignal(false);
  const said = useSignal<"audience.changed" | "solved.failed" | null>(null);
  const choose = async (audience: Audience) => {
    try {
      await chooseAudience(card.id, audience);
      said.value = "audience.changed";
      choosing.value = false;
    } catch {
      said.value = "solved.failed";
    }
  };
  const readers = card.readBy.map(({ names }) => named(names)).join(", ");
  return (
    <section class="stack">
      <h2>{t("audience.title")}</h2>
      {readers && <p class="small">{t("audience.read_by", { offices: readers })}</p>}
      {said.value && <Note alarm={said.value === "solved.failed"}>{t(said.value)}</Note>}
      {choosing.value ? (
        <Options
          legend={t("audience.change")}
          value={card.audience}
          choose={choose}
          options={AUDIENCES.map((value) => ({
            value,
            label: t(`audience.${value}`),
            means: t(`audience.${value}_means`),
          }))}
        />
      ) : (
        <>
          <p>{t(`audience.${card.audience}`)}</p>
          <button
            type="button"
            class="button plain"
            onClick={() => {
              choosing.value = true;
            }}
          >
            <Icon sign="people" />
            {t("audience.change")}
          </button>
        </>
      )}
    </section>
  );
}
