import type { JSX } from "preact";
import { t } from "../../i18n";
import { Screen } from "../Screen";
import { Carrying } from "./Carrying";

/** Carrying for others: what they hand over is taken along and sent on when this phone has a network. */
export function Carry(): JSX.Element {
  return (
    <Screen title={t("home.carry")}>
      <Carrying />
    </Screen>
  );
}
