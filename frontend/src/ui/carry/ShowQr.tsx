import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pictured, reported } from "../../actions";
import { t } from "../../i18n";
import { useSignal } from "../../signals";
import { waits } from "../explain";
import { QrCode } from "../QrCode";
import { Note, Screen } from "../Screen";

const FRAME_MS = 400;

/** A report as codes that follow one another, until the other phone or desk has seen all of them. */
export function ShowQr({ id }: { id: string }): JSX.Element {
  const frames = useSignal<string[] | null | undefined>(undefined);
  const at = useSignal(0);
  useEffect(() => {
    void pictured(id).then((made) => {
      frames.value = made;
    });
    const timer = setInterval(() => {
      at.value = (at.value + 1) % (frames.value?.length || 1);
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [id]);
  const all = frames.value;
  const card = reported(id);
  return (
    <Screen title={t("hand.by_qr")} parent={`/hand/${id}`}>
      {all === null && <Note>{t(card && waits(card) ? "hand.kept" : "hand.nothing")}</Note>}
      {all && (
        <>
          <QrCode text={all[at.value] ?? ""} label={t("hand.by_qr")} />
          <p class="frame">{t("qr.frame", { n: at.value + 1, count: all.length })}</p>
          <p>{t("qr.show")}</p>
        </>
      )}
    </Screen>
  );
}
