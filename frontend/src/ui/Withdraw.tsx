import type { JSX } from "preact";
import { deleteReport, withdraw } from "../actions";
import type { Card } from "../model";
import { isTakenBack } from "./explain";
import { back } from "./route";
import { Sure } from "./Sure";

/** Taking a report back; one that nobody else has is only deleted here. */
export function Withdraw({ card: { id, state, deletable } }: { card: Card }): JSX.Element {
  const never = deletable === "never";
  return (
    <>
      {!never && !isTakenBack(state) && (
        <Sure
          sign="withdrawing"
          open="withdraw.open"
          title="withdraw.question"
          means="withdraw.means"
          yes="withdraw.yes"
          act={() => withdraw(id)}
        />
      )}
      {deletable && (
        <Sure
          sign="withdrawn"
          open="delete.open"
          means={`delete.${deletable}`}
          yes="wipe.yes"
          act={() => deleteReport(id).then(() => never && back())}
        />
      )}
    </>
  );
}
