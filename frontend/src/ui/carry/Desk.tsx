import type { JSX } from "preact";
import { type Language, t } from "../../i18n";
import { Icon } from "../icons";
import { LanguageChoice } from "../LanguageChoice";
import { Screen } from "../Screen";
import { Carrying } from "./Carrying";

/** The page for desks: whoever has a network sends on what others bring, without a profile of their own. */
export function Desk({ speak }: { speak: (chosen: Language) => Promise<void> }): JSX.Element {
  const top = (
    <>
      <span class="brand">
        <Icon sign="mark" />
        {t("app.name")}
      </span>
      <LanguageChoice speak={speak} />
    </>
  );
  return (
    <Screen title={t("home.carry")} top={top}>
      <Carrying />
    </Screen>
  );
}
