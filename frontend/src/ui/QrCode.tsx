import type { JSX } from "preact";
import { QR_SIZE, qrOf } from "../model/qr";

const QUIET = 4;
const SIDE = QR_SIZE + 2 * QUIET;

/** Dark on white by day and night: cameras do not read it the other way round. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <svg class="code" viewBox={`0 0 ${SIDE} ${SIDE}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <path fill="#fff" d={`M0 0h${SIDE}v${SIDE}H0z`} />
      <path d={dark(qrOf(text))} />
    </svg>
  );
}

function dark(modules: boolean[][]): string {
  const square = (on: boolean, x: number, y: number) => (on ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "");
  return modules.map((row, y) => row.map((on, x) => square(on, x, y)).join("")).join("");
}
