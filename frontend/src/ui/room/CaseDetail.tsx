import type { JSX } from "preact";
import { begunAfter, cases, categoryOf } from "../../actions";
import { mine } from "../../actions/opening";
import { has, named, t } from "../../i18n";
import { day, instant } from "../../i18n/dates";
import type { Case, CaseReport, Named, Question } from "../../model";
import { Answers, Disputes } from "../Detail";
import { awaited } from "../explain";
import { useFound } from "../found";
import { Icon } from "../icons";
import { go } from "../route";
import { Note, Screen } from "../Screen";
import { Sound } from "../Sound";
import { Talk } from "../Talk";
import { FollowUps } from "./FollowUps";
import { Identity } from "./Identity";
import { isClosed } from "./order";
import { Picture } from "./Picture";

export function CaseDetail({ id }: { id: string }): JSX.Element {
  const held = cases.value.find((one) => one.id === id);
  const add = (
    <button type="button" class="button main wide" onClick={() => go(`/room/${id}/visit`)}>
      <Icon sign="add" />
      {t("visit.title")}
    </button>
  );
  if (!held) return <Gone id={id} add={add} />;
  const category = categoryOf(held.category);
  return (
    <Screen title={named(category?.names) || held.category} parent="/room" dock={add}>
      <About held={held} />
      <section class="stack">
        <h2>{t("case.reports")}</h2>
        {held.reports.map((report) => (
          <Said key={report.id} report={report} questions={category?.questions ?? []} />
        ))}
      </section>
      {held.identities.map((sealed) => (
        <Identity key={sealed.report} sealed={sealed} />
      ))}
      <Talk talk={held.talk} />
      {held.answers.length > 0 && <Answers answers={held.answers} />}
      <Disputes disputes={held.disputes} title="status.disputed" />
      <section class="stack">
        <h2>{t("case.followups")}</h2>
        {held.followups.length === 0 && <p class="soft">{t("case.nofollowups")}</p>}
        <FollowUps followUps={held.followups} />
      </section>
      <History history={held.history} />
    </Screen>
  );
}

/** With the way to a follow-up that was begun on it. */
function Gone({ id, add }: { id: string; add: JSX.Element }): JSX.Element {
  const begun = useFound(() => begunAfter(mine(id)), id);
  return (
    <Screen title={t("room.title")} parent="/room" dock={begun?.words && add}>
      <Note>{t("case.gone")}</Note>
    </Screen>
  );
}

function About({ held }: { held: Case }): JSX.Element {
  return (
    <div class="stack tight">
      {held.about.length > 0 && <Note alarm>{t("case.about", { offices: all(held.about) })}</Note>}
      {held.about_unlisted && <Note alarm>{t("case.unlisted")}</Note>}
      {held.danger && <Note alarm={!isClosed(held)}>{t("home.danger")}</Note>}
      {held.urgent && <Note alarm={!isClosed(held)}>{t("case.urgent")}</Note>}
      <p>
        {named(held.village.names)} · {t("detail.number", { n: held.number })}
      </p>
      <p>
        <strong>{t(`status.${held.status}`)}</strong>
        {held.office && ` · ${named(held.office.names)}`}
      </p>
      <p class="small soft">{`${t(`audience.${held.audience}`)} · ${t(`track.${held.track}`)}`}</p>
      {held.copies.length > 0 && <p class="small soft">{t("detail.copies", { offices: all(held.copies) })}</p>}
      <p class="small soft">{t("case.opened", { date: instant(held.opened_ms) })}</p>
      {held.due_ms !== null && awaited(held.status) && (
        <p class="small">{t("detail.due", { date: day(new Date(held.due_ms)) })}</p>
      )}
      {held.reason && <p class="small soft">{`${t("case.why")}: ${named(held.reason)}`}</p>}
    </div>
  );
}

function all(offices: Named[]): string {
  return offices.map(({ names }) => named(names)).join(", ");
}

function Said({ report, questions }: { report: CaseReport; questions: Question[] }): JSX.Element {
  const { when, date } = report.happened;
  if (report.withdrawn) return <p class="card soft">{t("state.withdrawn")}</p>;
  return (
    <div class="card">
      <p class="words" lang={report.language}>
        {report.text || "–"}
      </p>
      {Object.entries(report.answers).map(([code, said]) => (
        <p key={code} class="small">
          {answered(code, said, questions)}
        </p>
      ))}
      <p class="small soft">
        {date ? day(date) : t(`when.${when}`)} · {t("detail.filed", { date: instant(report.filed_ms) })}
      </p>
      {report.partial && <p class="small soft">{t("case.partial")}</p>}
      {report.media.map((medium, at) => {
        if (medium.role === "voice") return <Sound key={medium.id} medium={medium} />;
        if (medium.role === "preview") return null;
        const behind = report.media[at + 1];
        const preview = behind?.role === "preview" ? behind : undefined;
        const number = report.media.slice(0, at + 1).filter(({ role }) => role === "photo").length;
        return <Picture key={medium.id} medium={medium} preview={preview} number={number} />;
      })}
    </div>
  );
}

/** As it came where the question, or the choice, is not on this phone. */
function answered(code: string, said: string | number | boolean | null, questions: Question[]): string {
  const question = questions.find((one) => one.code === code);
  const choice = question?.choices.find((one) => one.code === said);
  const plain: Record<string, string> = { yes: t("yes"), no: t("no"), dont_know: t("unknown") };
  return `${named(question?.names) || code} ${named(choice?.names) || plain[`${said}`] || said}`;
}

function History({ history }: { history: Case["history"] }): JSX.Element {
  return (
    <details>
      <summary>{t("case.history")}</summary>
      <ol class="stack">
        {history.map(({ kind, at_ms: at }) => (
          <li key={`${kind}${at}`}>
            {t(has(`history.${kind}`) ? `history.${kind}` : "history.other")}
            <br />
            <span class="small soft">{instant(at)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
