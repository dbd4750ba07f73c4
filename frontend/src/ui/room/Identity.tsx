import type { JSX } from "preact";
import { connection } from "../../actions";
import { askOf, askToOpen, consentTo, lookAt, mine, refuseTo, signsOfOwn, unsettled } from "../../actions/opening";
import { named, t } from "../../i18n";
import { day, instant } from "../../i18n/dates";
import type { Opening, SealedIdentity } from "../../model";
import { MOST_REASON } from "../../model/limits";
import { useSignal } from "../../signals";
import { useBegun } from "../begun";
import { useDoing } from "../doing";
import { useFound } from "../found";
import { Note } from "../Screen";
import { Area } from "./Field";
import { Refusals, Signs } from "./Keys";

/** That who made a report is sealed, who asked to open it and why, and what this mediator may do about it. */
export function Identity({ sealed }: { sealed: SealedIdentity }): JSX.Element {
  const { openings, holds } = sealed;
  const said = (useFound(unsettled, connection.value.lastSyncMs) ?? []).filter(
    ({ said: { body } }) => "report" in body && body.report === sealed.report,
  );
  const asking = said.some(({ said: { type }, refusal }) => type === "identity.request" && refusal === null);
  const open = openings.some(({ consented, until_ms: until }) => consented !== false && until > Date.now());
  return (
    <section class="stack">
      <h2>{t("case.who")}</h2>
      <p class="small soft">{t("case.who_means", { office: named(sealed.office?.names) || "–" })}</p>
      {openings.map((opening) => (
        <Asked key={opening.id} opening={opening} sealed={sealed} />
      ))}
      <Refusals of={said} />
      {asking && <Note>{t("case.who_kept")}</Note>}
      {holds && !open && !asking && <Ask report={sealed.report} />}
      {!holds && <p class="small soft">{t("case.who_others")}</p>}
    </section>
  );
}

function Ask({ report }: { report: string }): JSX.Element {
  const reason = useSignal("");
  useBegun(
    mine(askOf(report)),
    () => reason.value,
    ({ words }) => {
      reason.value = words + reason.value;
    },
  );
  const { state, doing, failed } = useDoing();
  if (state.value === "done") return <Note>{t("case.who_kept")}</Note>;
  return (
    <div class="card stack">
      {failed}
      <Area label={t("case.who_reason")} value={reason} rows={3} most={MOST_REASON} />
      <button
        type="button"
        class="button"
        disabled={reason.value.trim() === ""}
        onClick={doing(() => askToOpen(report, reason.value.trim()))}
      >
        {t("case.who_ask")}
      </button>
    </div>
  );
}

interface Of {
  opening: Opening;
  sealed: SealedIdentity;
}

function Asked({ opening, sealed }: Of): JSX.Element {
  const { by, reason, asked_ms: asked, consented, until_ms: until, mine, opened_ms: opened, half } = opening;
  const stands = until > Date.now();
  return (
    <div class="card stack">
      <p>
        <strong>{t("case.who_asked", { by })}</strong> <span class="small soft">{instant(asked)}</span>
      </p>
      <p class="words">{reason}</p>
      {opened !== null && <p class="small soft">{t("case.who_opened", { date: instant(opened) })}</p>}
      {consented === false && <p>{t("case.who_refused")}</p>}
      {consented === null && !half && (
        <p class="small soft">{stands ? t("case.who_waits", { date: day(new Date(until)) }) : t("case.who_late")}</p>
      )}
      {mine && consented === null && stands && <OwnSigns holds={sealed.holds} />}
      {mine && consented && (stands ? <Look opening={opening} report={sealed.report} /> : <p>{t("case.who_late")}</p>)}
      {half && stands && <Decide opening={opening} sealed={sealed} />}
    </div>
  );
}

/** To be read to the other mediator. */
function OwnSigns({ holds }: { holds: string | null }): JSX.Element | null {
  const signs = useFound(() => signsOfOwn(holds), holds);
  if (!signs) return null;
  return (
    <>
      <p class="small">{t("case.who_read")}</p>
      <p class="receipt">{signs}</p>
    </>
  );
}

function Decide({ opening, sealed }: Of): JSX.Element {
  const { state, doing } = useDoing();
  if (state.value === "done") return <Note>{t("case.who_kept")}</Note>;
  return (
    <>
      {state.value === "failed" && <Note alarm>{t("case.who_nokey")}</Note>}
      <p class="small">{t("case.who_call", { by: opening.by })}</p>
      <Signs points={[opening.to ?? ""]} />
      <button
        type="button"
        class="button main"
        onClick={doing(() => consentTo(opening, sealed.report, sealed.holds ?? ""))}
      >
        {t("case.who_consent")}
      </button>
      <button type="button" class="button" onClick={doing(() => refuseTo(opening, sealed.report))}>
        {t("case.who_refuse")}
      </button>
    </>
  );
}

function Look({ opening, report }: { opening: Opening; report: string }): JSX.Element {
  const seen = useSignal<{ name: string; contact: string } | null>(null);
  // Each look is told to the reporter.
  const { state, doing } = useDoing();
  const look = async () => {
    seen.value = await lookAt(opening, report);
  };
  const who = seen.value;
  if (who) {
    return (
      <p class="words">
        <strong>{who.name}</strong>
        <br />
        {who.contact}
      </p>
    );
  }
  return (
    <>
      {state.value === "failed" && <Note alarm>{t("case.who_unseen")}</Note>}
      <p class="small soft">{t("case.who_told")}</p>
      <button type="button" class="button main" onClick={doing(look)}>
        {t("case.who_look")}
      </button>
    </>
  );
}
