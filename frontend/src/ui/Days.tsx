import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { gate, lock, lockNow } from "../actions";
import { t } from "../i18n";
import { day } from "../i18n/dates";
import { Icon } from "./icons";
import { go, vanish } from "./route";

/** One touch from every screen, for whoever is not alone any more. A profile with a lock is locked; `anew`, and at the gate, where a code may be right: the page begins anew. */
export function QuickExit({ anew }: { anew?: boolean }): JSX.Element {
  const leave = () => vanish(() => (lock.value ? lockNow("#/days") : (anew || gate.value) && location.reload()));
  return (
    <button type="button" class="round exit" aria-label={t("exit")} onClick={leave}>
      <Icon sign="exit" />
    </button>
  );
}

/** A month's days, and not a word of anything else; the way back into the app is to touch the date, and a lock that was set or opened behind it is locked. */
export function Days(): JSX.Element {
  const today = new Date();
  const [year, month] = [today.getFullYear(), today.getMonth()];
  const before = (new Date(year, month, 1).getDay() + 6) % 7;
  const days = new Date(year, month + 1, 0).getDate();
  const title = day(today);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main class="screen body">
      <h1>
        <button
          type="button"
          class="button plain big"
          onClick={() => (lock.value ? lockNow() : go("/", { replace: true }))}
        >
          {title}
        </button>
      </h1>
      <ol class="days">
        {Array.from({ length: days }, (_, at) => (
          <li
            key={at}
            style={at === 0 ? { gridColumnStart: before + 1 } : {}}
            aria-current={at + 1 === today.getDate() ? "date" : undefined}
          >
            {at + 1}
          </li>
        ))}
      </ol>
    </main>
  );
}
