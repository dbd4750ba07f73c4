import type { JSX } from "preact";
import { speak, t } from "../../i18n";
import { useSignal } from "../../signals";
import { Days } from "../Days";
import { Icon } from "../icons";
import { route } from "../route";
import { Screen } from "../Screen";
import { Tongues } from "../Tongues";
import { Carrying } from "./Carrying";
import { decoding } from "./decoding";
import { ReadQr } from "./ReadQr";

/** The page for desks: whoever has a network sends on what others bring, without a profile of their own. */
export function Desk(): JSX.Element {
  if (route.value[0] === "days") return <Days />;
  const top = (
    <>
      <span class="brand">
        <Icon sign="mark" />
        {t("app.name")}
      </span>
      <Tongues speak={speak} />
    </>
  );
  return (
    <Screen title={t("home.carry")} top={top}>
      <Carrying more={<Reading />} />
    </Screen>
  );
}

/** The camera is asked for only when somebody wants it. */
function Reading(): JSX.Element {
  const reading = useSignal(false);
  if (reading.value) return <ReadQr eye={decoding} />;
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        reading.value = true;
      }}
    >
      <Icon sign="qr" />
      {t("qr.read")}
    </button>
  );
}
