import type { JSX } from "preact";
import { connection, keeps, newer, ready, storageTrouble, takeNewer } from "../actions";
import { t } from "../i18n";
import { clock, instant, isoDay } from "../i18n/dates";
import { useSignal } from "../signals";
import { Note } from "./Screen";

/** 26 October 2026: whatever clock says less is wrong, and who connects by it believes no certificate. */
const BEFORE_THIS_APP_MS = 1_793_000_000_000;

/** One honest sentence about the connection; read out when it changes. `busy`: where somebody may be writing or speaking. */
export function ConnectionLine({ busy }: { busy?: boolean }): JSX.Element {
  const { state, lastSyncMs, waiting } = connection.value;
  const calm = !waiting && (lastSyncMs !== null || ready.value);
  const said = words(state, lastSyncMs, waiting);
  return (
    <>
      {said && (
        <p class={`link-line ${state === "idle" && !calm ? "" : state}`} role="status">
          {said}
        </p>
      )}
      {newer.value && !busy && state !== "sending" && storageTrouble.value !== "full" && <Newer />}
    </>
  );
}

/** Only while nothing is on its way; what was begun is on the disk. */
function Newer(): JSX.Element {
  const elsewhere = useSignal(false);
  const take = async () => {
    elsewhere.value = !(await takeNewer());
  };
  if (elsewhere.value) return <Note>{t("storage.newer")}</Note>;
  return (
    <button type="button" class="button wide" onClick={take}>
      {t("update.take")}
    </button>
  );
}

function words(state: typeof connection.value.state, lastSyncMs: number | null, waiting: boolean): string {
  if (state === "offline" && Date.now() < BEFORE_THIS_APP_MS) return t("net.clock");
  if (state !== "idle") return t(state === "offline" && !keeps() ? "lookup.offline" : `net.${state}`);
  if (waiting) return t("net.waiting");
  // What keeps nothing never works without a connection: the note above says what to do instead.
  if (lastSyncMs === null) return keeps() ? t(ready.value ? "net.ready" : "net.never") : "";
  const at = new Date(lastSyncMs);
  return t("net.idle", { time: isoDay(at) === isoDay(new Date()) ? clock(at) : instant(lastSyncMs) });
}
