import type { JSX } from "preact";
import { connection, ready } from "../actions";
import { t } from "../i18n";
import { clock, instant, isoDay } from "../i18n/dates";

/** One honest sentence about the connection; read out when it changes. */
export function ConnectionLine(): JSX.Element {
  const { state, lastSyncMs, waiting } = connection.value;
  const calm = !waiting && (lastSyncMs !== null || ready.value);
  return (
    <p class={`link-line ${state === "idle" && !calm ? "" : state}`} role="status">
      {words(state, lastSyncMs, waiting)}
    </p>
  );
}

function words(state: typeof connection.value.state, lastSyncMs: number | null, waiting: boolean): string {
  if (state !== "idle") return t(`net.${state}`);
  if (waiting) return t("net.waiting");
  if (lastSyncMs === null) return t(ready.value ? "net.ready" : "net.never");
  const at = new Date(lastSyncMs);
  return t("net.idle", { time: isoDay(at) === isoDay(new Date()) ? clock(at) : instant(lastSyncMs) });
}
