import words from "virtual:room-words";
import type { JSX } from "preact";
import { mediator } from "../../actions";
import { learn, t } from "../../i18n";
import { decoding } from "../carry/decoding";
import { ReadQr } from "../carry/ReadQr";
import { route } from "../route";
import { Screen } from "../Screen";
import { CaseDetail } from "./CaseDetail";
import { Cases } from "./Cases";
import { Keys } from "./Keys";
import { Login } from "./Login";
import { Visit } from "./Visit";

learn(words);

/** The mediators' room: the cases of their offices, readable and writable offline for as long as the grant lasts. */
export function Room(): JSX.Element {
  const [, id, action] = route.value;
  if (id === "qr") return <ReadRoom />;
  if (!mediator.value) return <Login />;
  if (id === "login") return <Login />;
  if (id === "keys") return <Keys />;
  if (id && action === "visit") return <Visit id={id} />;
  if (id) return <CaseDetail id={id} />;
  return <Cases />;
}

/** Mediators' phones read pictures of codes even where the browser itself cannot. */
function ReadRoom(): JSX.Element {
  return (
    <Screen title={t("qr.read")} parent="/room">
      <ReadQr eye={decoding} />
    </Screen>
  );
}
