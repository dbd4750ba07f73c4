import type { JSX } from "preact";
import { chooseLanguage } from "../actions";
import { Tongues } from "./Tongues";

/** In the app the choice is kept. */
export function LanguageChoice(): JSX.Element {
  return <Tongues speak={chooseLanguage} />;
}
