import type { ComponentChildren, JSX } from "preact";
import { categoryOf, consented, isPlaced, placeNames, reference, storageTrouble } from "../../actions";
import { named, t } from "../../i18n";
import { day, happenedOf } from "../../i18n/dates";
import type { Question } from "../../model";
import { namedTo, readable } from "../audiences";
import { useDoing } from "../doing";
import { CategoryIcon, Icon } from "../icons";
import { go, goHome, route } from "../route";
import { Note } from "../Screen";
import { Sure } from "../Sure";
import { discard, draft, photos, preparing, recordings, save, saving, unseen, whoIsMissing } from "./draft";
import { type Step, StepScreen } from "./Flow";
import { Preparing } from "./Photos";
import { taping } from "./Voice";

export function Review(): JSX.Element {
  const { doing, failed } = useDoing("review.failed");
  const missing = lacking();
  const press = doing(async () => {
    const from = route.value;
    if (unseen()) return go("/report/who/change", { from });
    // In danger the report goes first, and its page after saving asks.
    if (!draft.value.danger && !(await consented())) return go("/consent/save", { from });
    goHome(`/saved/${await save()}`, from);
  });
  const button = (
    <button
      type="button"
      class="button main wide"
      disabled={saving.value || missing !== null || taping.value !== null || preparing.value > 0}
      onClick={press}
    >
      <Icon sign="saved" />
      {t(saving.value ? "review.saving" : "review.save")}
    </button>
  );
  return (
    <StepScreen step="review" title={t("review.title")} dock={button}>
      {storageTrouble.value !== "full" && failed}
      {missing && <Note>{t("review.missing", { what: t(missing) })}</Note>}
      <Preparing />
      <Facts />
      <Sure sign="withdrawn" open="review.discard" means="delete.never" yes="wipe.yes" act={throwAway} />
    </StepScreen>
  );
}

async function throwAway(): Promise<void> {
  const from = route.value;
  await discard();
  goHome("/", from);
}

function Facts(): JSX.Element {
  const {
    category,
    village,
    villageNames = placeNames(village),
    position,
    text,
    answers,
    identity,
    track,
    audience,
    about_office: about,
    officeNames = reference.value?.offices.find(({ code }) => code === about)?.names,
    danger,
    protect,
  } = draft.value;
  const happened = happenedOf(draft.value);
  const asked = categoryOf(category);
  return (
    <dl class="facts">
      <Fact label={t("review.what")} step="what">
        <CategoryIcon icon={asked?.icon ?? ""} />
        {named(asked?.names)}
      </Fact>
      <Fact label={t("review.where")} step="where">
        {named(villageNames) || (position ? t("where.gps") : "–")}
        {position && <span class="small soft">{t("where.gps_got", { m: position.accuracy_m })}</span>}
      </Fact>
      <Fact label={t("review.words")} step="words">
        {(text || photos.value.length + recordings.value.length === 0) && <span class="words">{text || "–"}</span>}
        {recordings.value.map(({ id, url }) => (
          // biome-ignore lint/a11y/useMediaCaption: it is the person's own voice
          <audio key={id} class="sound" controls src={url} aria-label={t("voice.own")} />
        ))}
        {photos.value.length > 0 && <PhotoRow />}
      </Fact>
      <Fact label={t("review.when")} step="details">
        <span>{happened.date ? day(happened.date) : t(`when.${happened.when}`)}</span>
        {danger && <strong class="status alarm">{t("home.danger")}</strong>}
        {asked?.questions
          .filter(({ code }) => code in answers)
          .map((question) => (
            <span key={question.code}>{`${named(question.names)} ${answered(question, answers[question.code])}`}</span>
          ))}
      </Fact>
      <Fact label={t("review.who")} step="who">
        {readable(audience).picture}
        <span>{t(`audience.${audience}`)}</span>
        <span>{`${t(`track.${track}`)} · ${t("named.title")} ${t(`named.${namedTo(draft.value)}`)}`}</span>
        {(track === "appeal" || protect) && (
          <span class="words">
            {[identity.name, track === "appeal" && identity.address, identity.contact].filter(Boolean).join("\n")}
          </span>
        )}
        {about && <span>{t("review.not_seen_by", { office: named(officeNames) || about })}</span>}
      </Fact>
    </dl>
  );
}

function PhotoRow(): JSX.Element {
  return (
    <div class="photos" role="img" aria-label={t("review.photos", { n: photos.value.length })}>
      {photos.value.map((photo) => (
        <div key={photo.id} class="photo">
          <img src={photo.url} alt="" />
        </div>
      ))}
    </div>
  );
}

function Fact({ label, step, children }: { label: string; step: Step; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>
        {label}
        <button
          type="button"
          class="button plain small"
          aria-label={`${t("change")}: ${label}`}
          onClick={() => go(`/report/${step}/change`)}
        >
          {t("change")}
        </button>
      </dt>
      <dd class="stack tight">{children}</dd>
    </div>
  );
}

function answered({ kind, choices }: Question, said: string | number | undefined): string {
  if (kind === "choice") return named(choices.find(({ code }) => code === said)?.names);
  return kind === "number" ? `${said}` : t(said === "dont_know" ? "unknown" : `${said}`);
}

/** What must still be said, as the id of its heading. */
function lacking(): string | null {
  const { text } = draft.value;
  const happened = happenedOf(draft.value);
  if (!isPlaced(draft.value)) return "review.where";
  if (text.trim() === "" && photos.value.length + recordings.value.length === 0) return "review.words";
  if (happened.when === "date" && happened.date === null) return "review.when";
  return whoIsMissing(draft.value);
}
