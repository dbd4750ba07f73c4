import type { JSX } from "preact";
import { t } from "../../i18n";
import { day } from "../../i18n/dates";
import type { FollowUp } from "../../model";
import { sentence } from "../explain";
import { Note } from "../Screen";

/** Their words, and what became of each. */
export function FollowUps({ followUps }: { followUps: FollowUp[] }): JSX.Element {
  return (
    <>
      {followUps.map((one) => (
        <div key={one.id} class="card">
          <p>
            <strong>{t(`visit.${one.kind}`)}</strong> · {day(one.happened_on)}
          </p>
          <p class="words" lang={one.language}>
            {one.text}
          </p>
          {one.code ? (
            <Note alarm>{sentence(one.code)}</Note>
          ) : (
            <p class="small soft">{one.waiting ? t("visit.waiting") : `${t("visit.sent")} · ${one.by}`}</p>
          )}
        </div>
      ))}
    </>
  );
}
