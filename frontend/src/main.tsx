import { render } from "preact";
import { effect } from "./signals";
import "./styles/index.css";
import { asCalendar, hush, isOpen, ready, recallLook, start } from "./actions";
import { language } from "./i18n";
import { App } from "./ui/App";
import { resumeDraft } from "./ui/report/draft";

async function main(): Promise<void> {
  recallLook();
  effect(() => {
    document.documentElement.lang = language.value;
  });
  document.addEventListener("visibilitychange", hush);
  await start();
  if (isOpen()) await resumeDraft();
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  const stop = effect(() => {
    if (!ready.value) return;
    queueMicrotask(() => stop());
    nameTheApp();
  });
}

/** Fetched last: nothing that works offline waits for it. */
function nameTheApp(): void {
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  effect(() => {
    manifest.href = `/manifest.webmanifest?lang=${language.value}${asCalendar.value ? "&look=calendar" : ""}`;
  });
  document.head.append(manifest);
}

void main();
