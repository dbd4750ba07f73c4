import type { JSX } from "preact";
import { chooseAudience } from "../actions";
import { named, t } from "../i18n";
import type { Audience, Card } from "../model";
import { useSignal } from "../signals";
import { AUDIENCES, readable } from "./audiences";
import { Icon } from "./icons";
import { Options } from "./Options";
import { Note } from "./Screen";
import { YesNo } from "./Sure";

/** Who may read, to be changed at any time, and who has read already: whoever narrows must know. */
export function Readers({ card }: { card: Card }): JSX.Element {
  const choosing = useSignal(false);
  const wider = useSignal<Audience | null>(null);
  const said = useSignal<"audience.changed" | "solved.failed" | null>(null);
  const frees = (audience: Audience) => card.track === "appeal" && audience === "mediator";
  const choose = async (audience: Audience) => {
    // To let fewer read takes effect at once, unless an office had to answer. What more have read cannot be taken back.
    const isWider = AUDIENCES.indexOf(audience) > AUDIENCES.indexOf(card.audience);
    if ((isWider || frees(audience)) && audience !== wider.value) {
      wider.value = audience;
      return;
    }
    wider.value = null;
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
      {said.value && (
        <div role="status">
          <Note alarm={said.value === "solved.failed"}>{t(said.value)}</Note>
        </div>
      )}
      {choosing.value ? (
        <Options
          legend={t("audience.change")}
          value={wider.value ?? card.audience}
          choose={choose}
          options={AUDIENCES.map(readable)}
        />
      ) : (
        <>
          <p>{t(card.unlisted ? "about.unlisted_means" : `audience.${card.audience}`)}</p>
          {!card.unlisted && (
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
          )}
        </>
      )}
      {wider.value && (
        <>
          <Note alarm>{t(frees(wider.value) ? "audience.frees" : "audience.wider")}</Note>
          <YesNo
            yes={`audience.${wider.value}`}
            act={() => wider.value && choose(wider.value)}
            leave={() => {
              wider.value = null;
            }}
          />
        </>
      )}
    </section>
  );
}
