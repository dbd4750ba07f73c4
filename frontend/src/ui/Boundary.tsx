import { Component, type ComponentChildren } from "preact";
import { t } from "../i18n";
import { QuickExit } from "./Days";
import { Note } from "./Screen";

/** A fault in a screen must not look like lost words: it says what is safe and what to do. */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ComponentChildren {
    if (!this.state.failed) return this.props.children;
    return (
      <div class="screen">
        <header class="top">
          <QuickExit anew />
        </header>
        <main class="body">
          <Note alarm>
            <h1>{t("error.unexpected")}</h1>
          </Note>
          <button type="button" class="button main" onClick={() => location.reload()}>
            {t("net.try")}
          </button>
        </main>
      </div>
    );
  }
}
