import type { JSX } from "preact";
import { categoryOf } from "../../actions";
import { named, t } from "../../i18n";
import { FIRST_DAY, happenedOf, isoDay } from "../../i18n/dates";
import type { Question } from "../../model";
import { CategoryIcon, Icon } from "../icons";
import { Options, yesOrNo } from "../Options";
import { Note } from "../Screen";
import { answer, draft, edit } from "./draft";
import { NextButton, StepScreen } from "./Flow";

/** When it was, whether somebody is in danger, and what the category asks besides; only the day of "another day" must be there. */
export function Details(): JSX.Element {
  const { category } = draft.value;
  const happened = happenedOf(draft.value);
  const questions = categoryOf(category)?.questions ?? [];
  const ready = happened.when !== "date" || happened.date !== null;
  return (
    <StepScreen step="details" title={t("when.title")} dock={<NextButton step="details" disabled={!ready} />}>
      <Options
        legend={t("when.title")}
        legendUnseen
        across
        value={happened.when}
        choose={(when) => edit({ happened: { when, date: null }, saidOn: isoDay(new Date()) })}
        options={(["now", "today", "date"] as const).map((value) => ({
          value,
          label: t(`when.${value}`),
          picture: <Icon sign={value} />,
        }))}
      />
      {happened.when === "date" && <Day />}
      <Options
        legend={t("endangered.title")}
        across
        value={draft.value.danger}
        choose={(danger) => edit({ danger })}
        options={yesOrNo()}
      />
      {draft.value.danger && <Note alarm>{`${t("danger.not112")}. ${t("danger.call_first")}`}</Note>}
      {questions.length > 0 && <h2 class="aside">{t("details.more")}</h2>}
      {questions.map((question) => (
        <Asked key={question.code} question={question} />
      ))}
    </StepScreen>
  );
}

function Day(): JSX.Element {
  const today = isoDay(new Date());
  const latest = today > FIRST_DAY ? today : "9999";
  const choose = (date: string) => edit({ happened: { when: "date", date: date && date <= latest ? date : null } });
  return (
    <label class="stack">
      <span>{t("when.which")}</span>
      <input
        type="date"
        max={today > FIRST_DAY ? today : undefined}
        value={draft.value.happened.date ?? ""}
        onInput={(event) => choose(event.currentTarget.value)}
      />
    </label>
  );
}

function Asked({ question }: { question: Question }): JSX.Element {
  const value = draft.value.answers[question.code];
  const choose = (said: string | number | undefined) => answer(question.code, said);
  if (question.kind === "number") return <HowMany question={question} value={value} choose={choose} />;
  const options =
    question.kind === "yes_no"
      ? [
          { value: "yes", label: t("yes"), picture: <Icon sign="check" /> },
          { value: "no", label: t("no"), picture: <Icon sign="close" /> },
          { value: "dont_know", label: t("unknown"), picture: <Icon sign="unknown" /> },
        ]
      : question.choices.map(({ code, names, icon }) => ({
          value: code,
          label: named(names),
          picture: icon ? <CategoryIcon icon={icon} /> : undefined,
        }));
  return (
    <Options
      legend={named(question.names)}
      across={question.kind === "yes_no"}
      value={value}
      choose={choose}
      options={options}
    />
  );
}

interface Counted {
  question: Question;
  value: string | number | undefined;
  choose: (said: number | undefined) => void;
}

function HowMany({ question, value, choose }: Counted): JSX.Element {
  const said = (typed: string) => choose(typed.trim() === "" ? undefined : Math.max(0, Math.round(Number(typed))));
  return (
    <label class="stack">
      <strong>{named(question.names)}</strong>
      <input
        type="number"
        inputMode="numeric"
        min="0"
        value={value ?? ""}
        onInput={(event) => said(event.currentTarget.value)}
      />
    </label>
  );
}
