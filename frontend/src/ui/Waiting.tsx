import type { JSX } from "preact";
import { connection, keeps, tryNow } from "../actions";
import { t } from "../i18n";
import type { Card } from "../model";
import { ConnectionLine } from "./ConnectionLine";
import { AnotherRoad } from "./carry/Hand";
import { onWifiOnly, waits } from "./explain";
import { Icon } from "./icons";

const WHAT: Record<string, string> = {
  "report.create": "detail.yours",
  "report.reply": "talk.yours",
  "report.confirm": "solved.ask",
  "report.dispute": "solved.ask",
  "report.appeal": "track.appeal",
  "report.audience": "audience.title",
  "report.notify": "notify.open",
  "report.consent": "consent.title",
  "report.withdraw": "state.withdrawing",
};

/** What of a report is not known to be there, why, and what can be done about it. */
export function Waiting({ card }: { card: Card }): JSX.Element | null {
  if (!waits(card)) return null;
  const all = [...card.media, ...card.talk.flatMap((told) => told.media)];
  const expected = all.filter(({ state }) => state === "expected");
  const of = (wanted: string) => expected.filter(({ role }) => role === wanted).length;
  const [photos, recordings] = [of("photo"), of("voice")];
  // Then it is nobody's to try.
  const forWifi = onWifiOnly() && photos === expected.length && !card.unsent.length;
  const what = [
    ...card.unsent.map((type) => t(WHAT[type] ?? "detail.title")),
    ...(photos ? [t("review.photos", { n: photos })] : []),
    ...(recordings ? [t("voice.own")] : []),
  ];
  return (
    <section class="card stack">
      {keeps() && <h2>{t("medium.waiting")}</h2>}
      <p>{[...new Set(what)].join(" · ")}</p>
      {forWifi ? (
        <p>{t("medium.wifi")}</p>
      ) : (
        <>
          <ConnectionLine busy />
          <button
            type="button"
            class="button"
            disabled={connection.value.state === "sending"}
            onClick={() => void tryNow(card.id)}
          >
            <Icon sign="sending" />
            {t("net.try")}
          </button>
        </>
      )}
      <AnotherRoad card={card} />
    </section>
  );
}
