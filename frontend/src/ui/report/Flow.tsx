import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { QuickExit } from "../Days";
import { Icon } from "../icons";
import { back, go, goHome, route } from "../route";
import { BackButton, Full, Title } from "../Screen";
import { Details } from "./Details";
import { begun, draft, resumed } from "./draft";
import { Review } from "./Review";
import { What } from "./What";
import { Where } from "./Where";
import { Who } from "./Who";
import { Words } from "./Words";

export const STEPS = ["what", "where", "words", "details", "who", "review"] as const;
export type Step = (typeof STEPS)[number];

const SCREENS: Record<Step, () => JSX.Element | null> = {
  what: What,
  where: Where,
  words: Words,
  details: Details,
  who: Who,
  review: Review,
};

/** One question a screen. Without a category there is nothing to go on with, so a stale address leads home. */
export function Flow({ step }: { step: string | undefined }): JSX.Element | null {
  const known = STEPS.find((name) => name === step);
  const lost = resumed.value && (!known || (known !== "what" && !begun.value));
  useEffect(() => {
    if (lost) go("/", { replace: true });
  }, [lost]);
  if (lost || !known || !resumed.value) return null;
  const Shown = SCREENS[known];
  return <Shown />;
}

/** Whether a step was opened from the review. */
export function changing(): boolean {
  return route.value[2] === "change";
}

/** The screen after this one; a step that was opened from the review to change something leads back to it. */
export function next(step: Step): void {
  if (changing()) {
    // Through the group too, where the category was chosen in one.
    back("/report/review", route.value.length - 2);
    return;
  }
  // In danger nobody is asked when it was and how much.
  const far = step === "words" && draft.value.danger ? 2 : 1;
  go(`/report/${STEPS[STEPS.indexOf(step) + far] ?? "review"}`);
}

interface Frame {
  step: Step;
  title: string;
  dock?: ComponentChildren;
  children: ComponentChildren;
}

export function StepScreen({ step, title, dock, children }: Frame): JSX.Element {
  const n = STEPS.indexOf(step) + 1;
  return (
    <div class="screen">
      <header class="top">
        <BackButton parent={n > 1 ? `/report/${STEPS[n - 2]}` : "/"} />
        <div class="steps-bar" role="img" aria-label={t("step.of", { n, total: STEPS.length })}>
          {STEPS.map((name, at) => (
            <i key={name} class={at < n ? "past" : ""} />
          ))}
        </div>
        <button type="button" class="round" aria-label={t("leave")} onClick={() => goHome()}>
          <Icon sign="close" />
        </button>
        <QuickExit />
      </header>
      <main class="body">
        <Title>{title}</Title>
        <Full />
        {children}
      </main>
      {dock && <div class="dock">{dock}</div>}
    </div>
  );
}

export function NextButton({ step, disabled }: { step: Step; disabled?: boolean }): JSX.Element {
  return (
    <button type="button" class="button main wide" disabled={disabled} onClick={() => next(step)}>
      {t("next")}
      <Icon sign="forward" />
    </button>
  );
}
