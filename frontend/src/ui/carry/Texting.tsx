import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { texted, textOf } from "../../actions";
import { t } from "../../i18n";
import { useSignal } from "../../signals";
import { Note, Screen } from "../Screen";

type Text = Awaited<ReturnType<typeof textOf>>;

/** Before anything is sent: who sees what of an SMS. Then the phone's own messages open with the sealed text in them. */
export function Texting({ id }: { id: string }): JSX.Element {
  const text = useSignal<Text | undefined>(undefined);
  const opened = useSignal(false);
  useEffect(() => {
    void textOf(id).then((made) => {
      text.value = made;
    });
  }, [id]);
  const sms = text.value;
  const dock = sms && (
    <a
      class="button main wide"
      href={sms.link}
      onClick={() => {
        opened.value = true;
        void texted(id);
      }}
    >
      {t("sms.open")}
    </a>
  );
  return (
    <Screen title={t("hand.by_sms")} parent={`/hand/${id}`} dock={dock}>
      <WhoSees />
      <p>
        <strong>{t("sms.seen")}</strong>
      </p>
      <p>{t("sms.sealed")}</p>
      {sms && <p class="small soft">{t(sms.whole ? "sms.rest" : "sms.cut")}</p>}
      {sms === null && <Note alarm>{t("sms.none")}</Note>}
      {opened.value && (
        <div role="status">
          <Note>{t("sms.opened")}</Note>
        </div>
      )}
    </Screen>
  );
}

/** A phone, its waves, and the mast with an eye: the company sees that one writes. The words are under a lock. */
function WhoSees(): JSX.Element {
  return (
    <div class="hero still">
      <svg viewBox="0 0 120 60" aria-hidden="true">
        <path class="tint" d="M8 12h24v40H8z" />
        <path d="M8 12h24v40H8zM17 47h6M14 28h12v9H14zM17 28v-3a3 3 0 0 1 6 0v3" />
        <path d="M42 26q4 6 0 12M50 21q8 11 0 22M58 16q12 16 0 32" />
        <path d="M96 30 84 54M96 30l12 24M88 46h16M91 40h10" />
        <path class="tint" d="M80 16q16-14 32 0-16 14-32 0z" />
        <path d="M80 16q16-14 32 0-16 14-32 0zM96 20a4 4 0 1 1 0-8 4 4 0 0 1 0 8z" />
      </svg>
    </div>
  );
}
