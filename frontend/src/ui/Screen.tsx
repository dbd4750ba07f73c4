/** The frame of every screen: a heading that takes the focus when the screen changes, a body, and a dock under the thumb. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { asCalendar, storageTrouble } from "../actions";
import { t } from "../i18n";
import { QuickExit } from "./Days";
import { Icon } from "./icons";
import { back } from "./route";

interface Frame {
  title: string;
  /** Where the arrow leads when there is no screen before this one. */
  parent?: string;
  top?: ComponentChildren;
  dock?: ComponentChildren;
  children: ComponentChildren;
}

export function Screen({ title, parent = "/", top, dock, children }: Frame): JSX.Element {
  return (
    <div class="screen">
      <header class="top">
        {top ?? <BackButton parent={parent} />}
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

/** Wherever somebody may be writing. */
export function Full(): JSX.Element | null {
  return storageTrouble.value === "full" ? <Note alarm>{t("storage.full")}</Note> : null;
}

export function BackButton({ parent }: { parent: string }): JSX.Element {
  return (
    <button type="button" class="round" aria-label={t("back")} onClick={() => back(parent)}>
      <Icon sign="back" />
    </button>
  );
}

/** Moves the focus here, so that a screen reader says where one is, and the page starts at its top. */
export function Title({ children }: { children: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  // What the browser's history says to the next person: the app, and not a word of what was done in it.
  const app = t(asCalendar.value ? "app.calendar" : "app.name");
  useEffect(() => {
    document.title = app;
  }, [app]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Note({ children, alarm = false }: { children: ComponentChildren; alarm?: boolean }): JSX.Element {
  return (
    <div class={alarm ? "note alarm" : "note"} role={alarm ? "alert" : undefined}>
      {alarm && <Icon sign="danger" />}
      <div class="words">{children}</div>
    </div>
  );
}
