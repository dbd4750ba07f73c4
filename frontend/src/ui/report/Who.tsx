import type { JSX } from "preact";
import { reference } from "../../actions";
import { named, t } from "../../i18n";
import type { Identity } from "../../model";
import { AUDIENCES, NAMED_TO, namedTo, naming, readable } from "../audiences";
import { useFound } from "../found";
import { Options, yesOrNo } from "../Options";
import { Note } from "../Screen";
import { draft, edit, sealable, seeMediators, whoIsMissing } from "./draft";
import { NextButton, StepScreen } from "./Flow";
import { Whose } from "./Whose";

/** Who may know: who one is, who reads it, and who must not. */
export function Who(): JSX.Element {
  const { track, audience, protect, accuses, identity } = draft.value;
  const missing = whoIsMissing(draft.value);
  const whose = { identity, edit: (identity: Identity) => edit({ identity }) };
  return (
    <StepScreen step="who" title={t("who.title")} dock={<NextButton step="who" disabled={missing !== null} />}>
      {protect && <OtherMediators />}
      <Options
        legend={t("named.title")}
        value={namedTo({ track, protect })}
        choose={(value) => edit({ track: value === "office" ? "appeal" : "signal", protect: value === "mediator" })}
        options={NAMED_TO.filter((value) => value !== "mediator" || sealable.value).map(naming)}
      />
      {track === "appeal" && <Whose {...whose} />}
      {protect && <Whose {...whose} sealed />}
      <Options
        legend={t("audience.title")}
        value={audience}
        choose={(value) => edit({ audience: value })}
        options={AUDIENCES.map(readable)}
      />
      <Options
        legend={t("about.title")}
        across
        value={accuses && true}
        choose={(value) => edit({ accuses: value && "named", about_office: null })}
        options={yesOrNo()}
      />
      {accuses && <WhichOffice unlisted={accuses === "unlisted"} />}
      {missing && <Note>{t("review.missing", { what: t(missing) })}</Note>}
    </StepScreen>
  );
}

function OtherMediators(): JSX.Element | null {
  return useFound(seeMediators) ? <Note alarm>{t("protect.others")}</Note> : null;
}

const UNLISTED = "?";

function WhichOffice({ unlisted }: { unlisted: boolean }): JSX.Element {
  const { about_office: chosen, officeNames = {} } = draft.value;
  const offices = [...(reference.value?.offices ?? [])];
  // Another rayon's list came since: it stays left out, and can be seen to.
  if (chosen && !offices.some(({ code }) => code === chosen)) offices.unshift({ code: chosen, names: officeNames });
  const choose = (code: string) =>
    edit(
      code === UNLISTED
        ? { accuses: "unlisted", about_office: null, audience: "mediator" }
        : {
            ...{ accuses: "named", about_office: code || null },
            officeNames: offices.find((one) => one.code === code)?.names,
          },
    );
  return (
    <label class="stack">
      <strong>{t("about.which")}</strong>
      <select value={unlisted ? UNLISTED : (chosen ?? "")} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("about.choose")}</option>
        {offices.map(({ code, names }) => (
          <option key={code} value={code}>
            {named(names) || code}
          </option>
        ))}
        <option value={UNLISTED}>{t("about.unlisted")}</option>
      </select>
      <span class="small soft">{t(unlisted ? "about.unlisted_means" : chosen ? "about.means" : "about.need")}</span>
    </label>
  );
}
