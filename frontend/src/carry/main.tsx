/** The page for desks, without a profile: it takes in what people bring, and sends it on while it is open. */

import { render } from "preact";
import { effect } from "../signals";
import "../styles/index.css";
import { language, phoneLanguage, speak } from "../i18n";
import { Desk } from "../ui/carry/Desk";

async function main(): Promise<void> {
  effect(() => {
    document.documentElement.lang = language.value;
  });
  await speak(phoneLanguage());
  const root = document.getElementById("app");
  if (root) render(<Desk />, root);
}

void main();
