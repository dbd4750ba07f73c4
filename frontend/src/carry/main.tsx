/** The page for desks, without a profile: it takes in what people bring, and sends it on while it is open. */
import { render } from "preact";
import "../styles/index.css";
import { LANGUAGES, type Language, language, speak } from "../i18n";
import { Desk } from "../ui/carry/Desk";

async function main(): Promise<void> {
  const wanted = navigator.languages.map((code) => code.slice(0, 2));
  await inWords(wanted.find((code): code is Language => (LANGUAGES as readonly string[]).includes(code)) ?? "ky");
  const root = document.getElementById("app");
  if (root) render(<Desk speak={inWords} />, root);
}

async function inWords(chosen: Language): Promise<void> {
  await speak(chosen);
  document.documentElement.lang = language.value;
}

void main();
