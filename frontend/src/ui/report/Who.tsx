import type { JSX } from "preact";
import { otherMediators, reference } from "../../actions";
import { named, t } from "../../i18n";
import type { Identity } from "../../model";
import { AUDIENCES, readable, tracked } from "../audiences";
import { Check } from "../Check";
import { useFound } from "../found";
import { Icon } from "../icons";
import { Options, yesOrNo } from "../Options";
import { go } from "../route";
import { Note } from "../Screen";
import { draft, edit, lacksIdentity, nearby, whoIsMissing } from "./draft";
import { NextButton, StepScreen } from "./Flow";
import { Whose } from "./Whose";

/** Who may know: who reads it, and who must not. How it is taken stands on a screen of its own behind the first line. */
export function Who(): JSX.Element {
  const { track, audience, protect, accuses } = draft.value;
  const missing = whoIsMissing(draft.value);
  const { label, means, picture } = tracked(track);
  return (
    <StepScreen step="who" title={t("who.title")} dock={<NextButton step="who" disabled={missing !== null} />}>
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
      <div class="stack">
        <h2>{t("track.title")}</h2>
        <button type="button" class="row" onClick={() => go("/report/how")}>
          {picture}
          <span class="grow">
            <strong>{label}</strong>
            <span class="small soft">{track === "signal" && protect ? t("protect.title") : means}</span>
          </span>
          <Icon sign="forward" />
        </button>
      </div>
      {missing && <Note>{t("review.missing", { what: t(missing) })}</Note>}
    </StepScreen>
  );
}

/** How it is taken: in one's own name, in none, or in one that only mediators can read. */
export function How(): JSX.Element {
  const { track, protect, about_office: about } = draft.value;
  const keys = reference.value?.group_keys;
  const whose = { identity: draft.value.identity, edit: (identity: Identity) => edit({ identity }) };
  return (
    <StepScreen
      step="who"
      title={t("track.title")}
      dock={<NextButton step="how" disabled={lacksIdentity(draft.value)} />}
    >
      <Options
        legend={t("track.title")}
        legendUnseen
        value={track}
        choose={(value) => edit({ track: value })}
        options={(["signal", "appeal"] as const).map(tracked)}
      />
      {track === "appeal" && <Whose {...whose} />}
      {track === "signal" && nearby.value && keys && keys.office !== about && (
        <Check
          label={t("protect.title")}
          means={t("protect.means")}
          checked={protect}
          choose={(value) => edit({ protect: value })}
        />
      )}
      {track === "signal" && protect && (
        <>
          <OtherMediators />
          <Whose {...whose} sealed />
        </>
      )}
    </StepScreen>
  );
}

function OtherMediators(): JSX.Element | null {
  return useFound(otherMediators) ? <Note alarm>{t("protect.others")}</Note> : null;
}

const UNLISTED = "?";

function WhichOffice({ unlisted }: { unlisted: boolean }): JSX.Element {
  const offices = reference.value?.offices ?? [];
  const chosen = draft.value.about_office;
  const choose = (code: string) =>
    edit(
      code === UNLISTED
        ? { accuses: "unlisted", about_office: null, audience: "mediator" }
        : { accuses: "named", about_office: code || null },
    );
  return (
    <label class="stack">
      <strong>{t("about.which")}</strong>
      <select value={unlisted ? UNLISTED : (chosen ?? "")} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("about.choose")}</option>
        {offices.map(({ code, names }) => (
          <option key={code} value={code}>
            {named(names)}
          </option>
        ))}
        <option value={UNLISTED}>{t("about.unlisted")}</option>
      </select>
      <span class="small soft">{t(unlisted ? "about.unlisted_means" : chosen ? "about.means" : "about.need")}</span>
    </label>
  );
}
