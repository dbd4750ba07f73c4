import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { otherMediators, reference } from "../../actions";
import { named, t } from "../../i18n";
import type { Identity } from "../../model";
import { Check } from "../Check";
import { useFound } from "../found";
import { Options } from "../Options";
import { Note } from "../Screen";
import { draft, edit, lacksIdentity } from "./draft";
import { NextButton, StepScreen } from "./Flow";
import { Whose } from "./Whose";

const DEFAULT_AUDIENCE = { signal: "mediator", appeal: "office" } as const;

/** Who may know: how it is taken, who reads it, who must not, and whether somebody is in danger. */
export function Who(): JSX.Element {
  const { track, audience, about_office: about, danger, protect = false } = draft.value;
  const whose = { identity: draft.value.identity, edit: (identity: Identity) => edit({ identity }) };
  const accuses = useSignal(about !== null);
  const incomplete = (accuses.value && about === null) || lacksIdentity(draft.value);
  return (
    <StepScreen step="who" title={t("who.title")} dock={<NextButton step="who" disabled={incomplete} />}>
      <Options
        legend={t("endangered.title")}
        across
        value={danger}
        choose={(value) => edit({ danger: value })}
        options={yesOrNo()}
      />
      {danger && <Note alarm>{`${t("danger.not112")}. ${t("danger.call_first")}`}</Note>}
      <Options
        legend={t("track.title")}
        value={track}
        choose={(value) => edit({ track: value, audience: DEFAULT_AUDIENCE[value] })}
        options={(["signal", "appeal"] as const).map(explained((of) => `track.${of}`))}
      />
      {track === "appeal" && <Whose {...whose} />}
      {track === "signal" && reference.value?.group_keys && (
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
      <Options
        legend={t("audience.title")}
        value={audience}
        choose={(value) => edit({ audience: value })}
        options={(["mediator", "office", "border"] as const).map(explained((of) => `audience.${of}`))}
      />
      <Options
        legend={t("about.title")}
        across
        value={accuses.value}
        choose={(value) => {
          accuses.value = value;
          if (!value) edit({ about_office: null });
        }}
        options={yesOrNo()}
      />
      {accuses.value && <WhichOffice />}
    </StepScreen>
  );
}

function OtherMediators(): JSX.Element | null {
  return useFound(otherMediators) ? <Note alarm>{t("protect.others")}</Note> : null;
}

function WhichOffice(): JSX.Element {
  const offices = reference.value?.offices ?? [];
  const chosen = draft.value.about_office;
  return (
    <label class="stack">
      <strong>{t("about.which")}</strong>
      <select value={chosen ?? ""} onChange={(event) => edit({ about_office: event.currentTarget.value || null })}>
        <option value="">{t("about.choose")}</option>
        {offices.map(({ code, names }) => (
          <option key={code} value={code}>
            {named(names)}
          </option>
        ))}
      </select>
      <span class="small soft">{t(chosen ? "about.means" : "about.need")}</span>
    </label>
  );
}

function yesOrNo(): { value: boolean; label: string }[] {
  return [
    { value: false, label: t("no") },
    { value: true, label: t("yes") },
  ];
}

function explained<Value extends string>(id: (of: string) => string) {
  return (value: Value) => ({ value, label: t(id(value)), means: t(id(`${value}_means`)) });
}
