/** The page for desks, without a profile: it takes in what people bring, and sends it on while it is open. */

import { render } from "preact";
import { effect } from "../signals";
import "../styles/index.css";
import { FIRST_LANGUAGE, language, phoneLanguage, speak } from "../i18n";
import { Desk } from "../ui/carry/Desk";

/** Longer than that nobody looks at an empty page. */
const WORDS_MS = 8_000;

async function main(): Promise<void> {
  effect(() => {
    document.documentElement.lang = language.value;
  });
  await speak(FIRST_LANGUAGE);
  const spoken = speak(phoneLanguage()).catch(() => undefined);
  await Promise.race([spoken, new Promise((enough) => setTimeout(enough, WORDS_MS))]);
  const root = document.getElementById("app");
  if (root) render(<Desk />, root);
}

void main();
