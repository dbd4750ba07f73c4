import type { JSX } from "preact";
import { mediator } from "../../actions";
import { route } from "../route";
import "../../styles/room.css";
import { CaseDetail } from "./CaseDetail";
import { Cases } from "./Cases";
import { Login } from "./Login";
import { Visit } from "./Visit";

/** The mediators' room: the cases of their offices, readable and writable offline for as long as the grant lasts. */
export function Room(): JSX.Element {
  const [, id, action] = route.value;
  if (!mediator.value) return <Login />;
  if (id === "login") return <Login />;
  if (id && action === "visit") return <Visit id={id} />;
  if (id) return <CaseDetail id={id} />;
  return <Cases />;
}
