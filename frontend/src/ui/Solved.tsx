import type { JSX } from "preact";
import { confirmSolved, dispute, type ReadyMedium } from "../actions";
import { t } from "../i18n";
import type { Card } from "../model";
import { MOST_REASON } from "../model/limits";
import type { Signal } from "../signals";
import { useDoing } from "./doing";
import { awaited } from "./explain";
import { Icon } from "./icons";
import { Note } from "./Screen";
import { Speech } from "./Speech";

/** Only the person who reported says whether it is solved; it is kept on the phone and sent like everything else. */
export function Solved({ card, refusing }: { card: Card; refusing: Signal<boolean> }): JSX.Element | null {
  const { state: saying, doing, failed } = useDoing();
  const { id, verdict, state } = card;
  if (verdict === "disputed") return <Note>{t("solved.said_no")}</Note>;
  // Also what is solved already: of an earlier answer, or so said somebody else.
  if (!verdict && awaited(state)) return null;
  const refuse = () => {
    refusing.value = true;
  };
  if (verdict && !refusing.value) {
    return (
      <>
        <Note>{t("solved.said_yes")}</Note>
        <button type="button" class="button plain" onClick={refuse}>
          <Icon sign="disputed" />
          {t("solved.not")}
        </button>
      </>
    );
  }
  const deny = async (reason: string, media: ReadyMedium[]) => {
    await dispute(id, reason, media);
    refusing.value = false;
  };
  return (
    <section class="card">
      <h2>{t("solved.ask")}</h2>
      {failed}
      {refusing.value ? (
        <>
          <Speech of={id} label="solved.why" most={MOST_REASON} say={deny} />
          <button
            type="button"
            class="button plain"
            onClick={() => {
              refusing.value = false;
            }}
          >
            {t("back")}
          </button>
        </>
      ) : (
        <div class="pair">
          <button
            type="button"
            class="button main"
            disabled={saying.value === "doing"}
            onClick={doing(() => confirmSolved(id))}
          >
            <Icon sign="solved" />
            {t("solved.yes")}
          </button>
          <button type="button" class="button" onClick={refuse}>
            <Icon sign="disputed" />
            {t("solved.no")}
          </button>
        </div>
      )}
    </section>
  );
}
