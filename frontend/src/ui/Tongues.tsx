import type { JSX } from "preact";
import { LANGUAGES, type Language, language, t } from "../i18n";
import { useSignal } from "../signals";

/** Each language by its own name, so that nobody has to read another one to find theirs. */
const OWN_NAMES: Record<Language, string> = {
  ky: "Кыргызча",
  ru: "Русский",
  tg: "Тоҷикӣ",
  uz: "Oʻzbekcha",
  en: "English",
};

/** `speak` fetches a language's words, and throws when it cannot. */
export function Tongues({ speak }: { speak: (chosen: Language) => Promise<void> }): JSX.Element {
  const asked = useSignal<Language | null>(null);
  const failed = useSignal(false);
  const choose = async (chosen: Language) => {
    failed.value = false;
    asked.value = chosen;
    await speak(chosen).catch(() => undefined);
    // Yet another one may have been chosen meanwhile.
    if (asked.value !== chosen) return;
    asked.value = null;
    failed.value = chosen !== language.value;
  };
  return (
    <label class="tongue end">
      <span class="unseen">{t("language")}</span>
      <select value={asked.value ?? language.value} onChange={(event) => choose(event.currentTarget.value as Language)}>
        {LANGUAGES.map((code) => (
          <option key={code} value={code} lang={code}>
            {OWN_NAMES[code]}
          </option>
        ))}
      </select>
      {(asked.value || failed.value) && (
        <span class={`small note ${failed.value ? "alarm" : ""}`} role="alert">
          {t(failed.value ? "language.failed" : "loading")}
        </span>
      )}
    </label>
  );
}
