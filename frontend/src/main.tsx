import { render } from "preact";
import "./styles/index.css";
import { start } from "./actions";
import { storageTrouble } from "./actions/signals";
import { App } from "./ui/App";
import { resumeDraft } from "./ui/report/draft";

async function main(): Promise<void> {
  await start();
  if (storageTrouble.value !== "unavailable") await resumeDraft();
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  // Fetched last: nothing waits for it.
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = "/manifest.webmanifest";
  document.head.append(manifest);
}

void main();
