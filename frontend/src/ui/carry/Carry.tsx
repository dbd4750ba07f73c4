import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { useSignal } from "../../signals";
import { Icon } from "../icons";
import { Screen } from "../Screen";
import { Carrying } from "./Carrying";
import { type Eye, ownEye } from "./eyes";
import { ReadQr } from "./ReadQr";

/** Carrying for others: what they hand over is taken along and sent on when this phone has a network. */
export function Carry(): JSX.Element {
  return (
    <Screen title={t("home.carry")}>
      <Carrying more={<Reading />} />
    </Screen>
  );
}

/** Offered where the browser itself reads codes; elsewhere a file does. */
function Reading(): JSX.Element | null {
  const eye = useSignal<Eye | null>(null);
  const reading = useSignal<Promise<Eye> | null>(null);
  useEffect(() => {
    void ownEye().then((own) => {
      eye.value = own;
    });
  }, []);
  if (reading.value) return <ReadQr eye={reading.value} />;
  const own = eye.value;
  if (!own) return null;
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        reading.value = Promise.resolve(own);
      }}
    >
      <Icon sign="qr" />
      {t("qr.read")}
    </button>
  );
}
