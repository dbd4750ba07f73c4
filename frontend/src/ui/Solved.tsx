import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { confirmSolved, dispute } from "../actions";
import { t } from "../i18n";
import type { Card } from "../model";
import { Icon } from "./icons";
import { Note } from "./Screen";
import { Speech } from "./Speech";

const MOST = 2000;

/** Only the person who reported says whether it is solved; it is kept on the phone and sent like everything else. */
export function Solved({ card }: { card: Card }): JSX.Element | null {
  const refusing = useSignal(false);
  const failed = useSignal(false);
  if (card.verdict) return <Note>{t(card.verdict === "solved" ? "solved.said_yes" : "solved.said_no")}</Note>;
  if (card.state !== "answered" && card.state !== "unconfirmed") return null;
  const say = async (saying: Promise<void>) => {
    failed.value = false;
    try {
      await saying;
    } catch {
      failed.value = true;
    }
  };
  return (
    <section class="card">
      <h2>{t("solved.ask")}</h2>
      {failed.value && <Note alarm>{t("solved.failed")}</Note>}
      {refusing.value ? (
        <Speech of={card.id} label="solved.why" most={MOST} say={(reason, media) => dispute(card.id, reason, media)} />
      ) : (
        <div class="pair">
          <button type="button" class="button main" onClick={() => say(confirmSolved(card.id))}>
            <Icon sign="solved" />
            {t("solved.yes")}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              refusing.value = true;
            }}
          >
            <Icon sign="disputed" />
            {t("solved.no")}
          </button>
        </div>
      )}
    </section>
  );
}
