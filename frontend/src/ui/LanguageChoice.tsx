import type { JSX } from "preact";
import { chooseLanguage } from "../actions";
import { LANGUAGES, type Language, language, t } from "../i18n";

/** Each language by its own name, so that nobody has to read another one to find theirs. */
const OWN_NAMES: Record<Language, string> = {
  ky: "Кыргызча",
  ru: "Русский",
  tg: "Тоҷикӣ",
  uz: "Oʻzbekcha",
  en: "English",
};

export function LanguageChoice(): JSX.Element {
  return (
    <label class="tongue end">
      <span class="unseen">{t("language")}</span>
      <select value={language.value} onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
        {LANGUAGES.map((code) => (
          <option key={code} value={code} lang={code}>
            {OWN_NAMES[code]}
          </option>
        ))}
      </select>
    </label>
  );
}
