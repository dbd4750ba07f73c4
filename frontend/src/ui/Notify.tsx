import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { begunAfter, keepWords, notify, reference } from "../actions";
import { t } from "../i18n";
import type { Card } from "../model";
import { addressOf } from "../model/addresses";
import { useSignal } from "../signals";
import { useDoing } from "./doing";
import { awaited } from "./explain";
import { Icon } from "./icons";
import { Note } from "./Screen";

/** Where to be told that there is news, once servers send such messages: given knowingly, shown to nobody, and taken back at any time. */
export function Notify({ card }: { card: Card }): JSX.Element | null {
  const { id, receipt, state, notify: given } = card;
  const typed = useSignal<string | null>(null);
  const wrong = useSignal("");
  const { doing, failed } = useDoing();
  const begun = `notify-${id}`;
  useEffect(() => {
    void begunAfter(id, begun).then(({ words }) => {
      typed.value ??= words || null;
    });
  }, [id]);
  useEffect(() => {
    // With a reply everything that was begun after the report goes, this too.
    if (typed.value !== null) keepWords(id, typed.value, begun);
  }, [typed.value, card]);
  const roads = reference.value?.notices ?? [];
  // It is deleted with the end of the case.
  if ((!awaited(state) && state !== "answered") || (!given && roads.length === 0)) return null;
  const type = (text: string | null) => {
    typed.value = text;
    wrong.value = "";
    if (text === null) keepWords(id, "", begun);
  };
  const asked = roads.map((road) => t(road === "sms" ? "notify.number" : "notify.mail")).join(" / ");
  const say = async (address: string | null) => {
    await notify(id, address);
    type(null);
  };
  const save = async () => {
    const address = addressOf(typed.value ?? "", roads);
    if (address) await say(address);
    else wrong.value = t("review.missing", { what: asked });
  };
  if (given || typed.value === null) {
    return (
      <div class="stack tight">
        {given && <p class="small">{t("notify.given")}</p>}
        {failed}
        <button type="button" class="button plain" onClick={given ? doing(() => say(null)) : () => type("")}>
          <Icon sign={given ? "withdrawn" : "answered"} />
          {t(given ? "notify.stop" : "notify.open")}
        </button>
      </div>
    );
  }
  return (
    <form class="card stack" onSubmit={doing(save)}>
      <h2>{t("notify.open")}</h2>
      <p>{t("notify.means", { n: receipt.slice(-4) })}</p>
      <label class="stack">
        <strong>{asked}</strong>
        <input
          type="text"
          name="notify"
          autocomplete="off"
          maxLength={254}
          value={typed.value}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      {failed || (wrong.value && <Note alarm>{wrong.value}</Note>)}
      <button type="submit" class="button main">
        {t("review.save")}
      </button>
      <button type="button" class="button plain" onClick={() => type(null)}>
        {t("withdraw.no")}
      </button>
    </form>
  );
}
