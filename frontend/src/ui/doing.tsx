import type { JSX } from "preact";
import { t } from "../i18n";
import { type Signal, useSignal } from "../signals";
import { Note } from "./Screen";

interface Doing {
  state: Signal<"doing" | "done" | "failed" | null>;
  doing: (work: () => Promise<unknown>) => (event: Event) => void;
  /** To be shown where it was to be kept and was not. */
  failed: JSX.Element | false;
}

/** What is pressed again while it is being done is done once; `said` where it fails. */
export function useDoing(said = "solved.failed"): Doing {
  const state = useSignal<"doing" | "done" | "failed" | null>(null);
  const doing = (work: () => Promise<unknown>) => async (event: Event) => {
    event.preventDefault();
    if (state.value === "doing") return;
    state.value = "doing";
    try {
      await work();
      state.value = "done";
    } catch {
      state.value = "failed";
    }
  };
  return { state, doing, failed: state.value === "failed" && <Note alarm>{t(said)}</Note> };
}
