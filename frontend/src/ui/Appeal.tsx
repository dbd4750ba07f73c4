import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { appeal, begunAppeal, keepAppeal } from "../actions";
import { t } from "../i18n";
import type { Card, Identity } from "../model";
import { useSignal } from "../signals";
import { useDoing } from "./doing";
import { awaited } from "./explain";
import { Icon } from "./icons";
import { lacksIdentity } from "./report/draft";
import { Whose } from "./report/Whose";
import { Note } from "./Screen";

/** A signal becomes an appeal later: only its reporter can, and only with what an appeal asks for. */
export function Appeal({ card }: { card: Card }): JSX.Element | null {
  const { id, track, state, unlisted } = card;
  const identity = useSignal<Identity | null>(null);
  const { doing, failed } = useDoing();
  const closed = unlisted || track === "appeal" || !awaited(state);
  const whose = identity.value;
  useEffect(() => {
    void begunAppeal(id).then((begun) => {
      identity.value ??= begun;
    });
  }, [id]);
  useEffect(() => {
    // With a reply everything that was begun after the report goes, this too.
    if (whose) keepAppeal(id, !closed && Object.values(whose).some(Boolean) ? whose : null);
  }, [whose, card]);
  if (closed) return null;
  const begin = () => {
    identity.value = { name: "", address: "", contact: "" };
  };
  if (!whose) {
    return (
      <button type="button" class="button plain" onClick={begin}>
        <Icon sign="with_office" />
        {t("appeal.open")}
      </button>
    );
  }
  return (
    <form class="card stack" onSubmit={doing(() => appeal(id, whose))}>
      <h2>{t("appeal.open")}</h2>
      <p>{t("track.appeal_means")}</p>
      {card.audience === "mediator" && <Note alarm>{t("audience.wider")}</Note>}
      {failed}
      <Whose
        identity={whose}
        edit={(edited) => {
          identity.value = edited;
        }}
      />
      <button type="submit" class="button main" disabled={lacksIdentity({ track: "appeal", identity: whose })}>
        {t("review.save")}
      </button>
      <button
        type="button"
        class="button plain"
        onClick={() => {
          identity.value = null;
          keepAppeal(id, null);
        }}
      >
        {t("withdraw.no")}
      </button>
    </form>
  );
}
