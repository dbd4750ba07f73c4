import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { discardMedium, type ReadyMedium } from "../actions";
import { t } from "../i18n";
import { useSignal } from "../signals";
import { useBegun } from "./begun";
import { useDoing } from "./doing";
import { Icon } from "./icons";
import { Recorder, taping } from "./report/Voice";
import { Left, leftOf } from "./report/Words";

interface Speech {
  /** The report that it is about. */
  of: string;
  label: string;
  most: number;
  say: (text: string, recordings: ReadyMedium[]) => Promise<void>;
}

/** Something said after a report: in words, by voice, or both. */
export function Speech({ of, label, most, say }: Speech): JSX.Element {
  const text = useSignal("");
  const { doing, failed } = useDoing();
  const recordings = useSignal<ReadyMedium[]>([]);
  const clear = () => {
    for (const { url } of recordings.value) URL.revokeObjectURL(url);
    recordings.value = [];
  };
  useEffect(() => clear, []);
  useBegun(
    of,
    () => text.value,
    (begun) => {
      recordings.value = begun.recordings;
      text.value = begun.words + text.value;
    },
  );
  const send = doing(async () => {
    await say(text.value.trim(), recordings.value);
    text.value = "";
    clear();
  });
  const left = leftOf(text.value, most);
  return (
    <form class="stack" onSubmit={send}>
      {failed}
      <Recorder
        of={of}
        recordings={recordings.value}
        most={1}
        add={(one) => {
          recordings.value = [...recordings.value, one];
        }}
        remove={({ id }) => {
          clear();
          discardMedium(id);
        }}
      />
      <label class="stack">
        <span>{t(label)}</span>
        <textarea
          rows={3}
          maxLength={most}
          spellcheck={false}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <Left left={left} />
      <button
        type="submit"
        class="button main"
        disabled={taping.value !== null || left < 0 || (text.value.trim() === "" && recordings.value.length === 0)}
      >
        <Icon sign="sending" />
        {t("review.save")}
      </button>
    </form>
  );
}
