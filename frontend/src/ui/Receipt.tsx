import type { JSX } from "preact";
import { t } from "../i18n";
import { useSignal } from "../signals";
import { Icon } from "./icons";
import { QrCode } from "./QrCode";

/**
 * A receipt as a code that any phone's camera opens the look-up with. It stands behind `#`, which browsers send to no server, so that it
 * is in nobody's log.
 */
export function ReceiptCode({ receipt }: { receipt: string }): JSX.Element {
  const shown = useSignal(false);
  if (!shown.value) {
    return (
      <button
        type="button"
        class="button plain"
        onClick={() => {
          shown.value = true;
        }}
      >
        <Icon sign="qr" />
        {t("receipt.qr")}
      </button>
    );
  }
  return (
    <>
      <QrCode text={`${location.origin}/#/receipt/${receipt}`} label={t("receipt.qr")} />
      <p class="small soft">{t("receipt.qr_means")}</p>
    </>
  );
}
