import words from "virtual:room-words";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { cases, mediator } from "../../actions";
import { endInTime, over } from "../../actions/mediating";
import { learn, t } from "../../i18n";
import { useSignal } from "../../signals";
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
export function Room(): JSX.Element | null {
  const [, id, action] = route.value;
  const looked = useSignal(false);
  useEffect(() => {
    void endInTime().finally(() => {
      looked.value = true;
    });
  }, [route.value, cases.value.length === 0]);
  if (!looked.value) return null;
  if (id === "qr") return <ReadRoom />;
  if (!mediator.value || over.value) return <Login />;
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
