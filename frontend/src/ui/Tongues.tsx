import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { LANGUAGES, type Language, language, t } from "../i18n";

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
  const failed = useSignal(false);
  const choose = async (select: HTMLSelectElement) => {
    failed.value = false;
    try {
      await speak(select.value as Language);
    } catch {
      failed.value = select.value !== language.value;
      select.value = language.value;
    }
  };
  return (
    <label class="tongue end">
      <span class="unseen">{t("language")}</span>
      <select value={language.value} onChange={(event) => choose(event.currentTarget)}>
        {LANGUAGES.map((code) => (
          <option key={code} value={code} lang={code}>
            {OWN_NAMES[code]}
          </option>
        ))}
      </select>
      {failed.value && (
        <span class="small tongue-failed" role="alert">
          {t("language.failed")}
        </span>
      )}
    </label>
  );
}
