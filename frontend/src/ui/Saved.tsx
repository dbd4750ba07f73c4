import type { JSX } from "preact";
import { consented, keeps, lock, reported } from "../actions";
import { t } from "../i18n";
import { QuickExit } from "./Days";
import { stateWords } from "./explain";
import { Icon } from "./icons";
import { Notify } from "./Notify";
import { ReceiptCode } from "./Receipt";
import { go, goHome, route } from "./route";
import { Note, Title } from "./Screen";

/** Shown only once the write is complete: what was said is safe, its receipt, and what comes next. */
export function Saved({ id }: { id: string }): JSX.Element {
  const card = reported(id);
  const reader = card?.audience === "mediator" ? "saved.to_mediator" : "saved.to_office";
  // From the memory of a page it is sent at once or not at all, and no answer finds it.
  const kept = keeps();
  const done = async () => {
    const from = route.value;
    if (await consented()) goHome("/", from);
    else go(`/consent/${id}`, { replace: true, from });
  };
  return (
    <div class="screen">
      <header class="top">
        <QuickExit />
      </header>
      <main class="body spaced">
        <p class="stamp">
          <Icon sign={kept ? "solved" : "sending"} />
        </p>
        <Title>{kept ? t("saved.title") : card ? stateWords(card) : t("state.sending")}</Title>
        {card && <ReceiptCard receipt={card.receipt} />}
        {card?.danger && <Note alarm>{`${t("danger.not112")}. ${t("danger.call_first")}`}</Note>}
        {kept && card?.danger && !lock.value && <NoCode />}
        <h2>{t("saved.next")}</h2>
        <ol class="numbered stack">
          {(kept ? ["saved.sends", reader, "saved.answer"] : [reader]).map((id, at) => (
            <li key={id}>
              <span class="number">{at + 1}</span>
              <span>{t(id)}</span>
            </li>
          ))}
        </ol>
        {card && <Notify card={card} />}
      </main>
      <div class="dock">
        <button type="button" class="button main wide" onClick={done}>
          {t("saved.done")}
          <Icon sign="forward" />
        </button>
      </div>
    </div>
  );
}

/** Who reports from a locked phone in danger has a place of their own, without a lock. */
function NoCode(): JSX.Element {
  return (
    <div class="card">
      <p>{t("danger.no_code")}</p>
      <button type="button" class="button" onClick={() => go("/lock/pin")}>
        <Icon sign="lock" />
        {t("lock.pin")}
      </button>
    </div>
  );
}

function ReceiptCard({ receipt }: { receipt: string }): JSX.Element {
  return (
    <div class="card">
      <span class="soft">{t("receipt")}</span>
      <span class="receipt large">{receipt}</span>
      <span class="small soft">{t("saved.keep")}</span>
      <ReceiptCode receipt={receipt} />
    </div>
  );
}
