import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { appeal } from "../actions";
import { t } from "../i18n";
import type { Card, Identity } from "../model";
import { awaited } from "./explain";
import { Icon } from "./icons";
import { lacksIdentity } from "./report/draft";
import { Whose } from "./report/Whose";
import { Note } from "./Screen";

/** A signal becomes an appeal later: only its reporter can, and only with what an appeal asks for. */
export function Appeal({ card: { id, track, state } }: { card: Card }): JSX.Element | null {
  const identity = useSignal<Identity | null>(null);
  const failed = useSignal(false);
  if (track === "appeal" || !awaited(state)) return null;
  const whose = identity.value;
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
  const send = (event: Event) => {
    event.preventDefault();
    appeal(id, whose).catch(() => {
      failed.value = true;
    });
  };
  return (
    <form class="card stack" onSubmit={send}>
      <h2>{t("appeal.open")}</h2>
      <p>{t("track.appeal_means")}</p>
      {failed.value && <Note alarm>{t("solved.failed")}</Note>}
      <Whose
        identity={whose}
        edit={(edited) => {
          identity.value = edited;
        }}
      />
      <button type="submit" class="button main" disabled={lacksIdentity({ track: "appeal", identity: whose })}>
        {t("review.save")}
      </button>
    </form>
  );
}
