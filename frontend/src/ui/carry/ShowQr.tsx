import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pictured } from "../../actions";
import { t } from "../../i18n";
import { QR_SIZE, qrOf } from "../../model/qr";
import { Note, Screen } from "../Screen";

const FRAME_MS = 400;
const QUIET = 4;
const SIDE = QR_SIZE + 2 * QUIET;

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
  return (
    <Screen title={t("hand.by_qr")} parent={`/hand/${id}`}>
      {all === null && <Note>{t("hand.nothing")}</Note>}
      {all && (
        <>
          <Code text={all[at.value] ?? ""} />
          <p class="frame">{t("qr.frame", { n: at.value + 1, count: all.length })}</p>
          <p>{t("qr.show")}</p>
        </>
      )}
    </Screen>
  );
}

/** Dark on white by day and night: cameras do not read it the other way round. */
function Code({ text }: { text: string }): JSX.Element {
  return (
    <svg
      class="code"
      viewBox={`0 0 ${SIDE} ${SIDE}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={t("hand.by_qr")}
    >
      <path fill="#fff" d={`M0 0h${SIDE}v${SIDE}H0z`} />
      <path d={dark(qrOf(text))} />
    </svg>
  );
}

function dark(modules: boolean[][]): string {
  const square = (on: boolean, x: number, y: number) => (on ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "");
  return modules.map((row, y) => row.map((on, x) => square(on, x, y)).join("")).join("");
}
