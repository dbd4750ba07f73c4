/** One item of the outbox: tried at once, or taken off this phone. */
import { drop, hurry } from "../store/deleting";
import { namingSms } from "../store/handing";
import { wentBySms } from "./handing";
import { withdraw, write } from "./reporting";
import { refreshEverywhere, session } from "./session";

/** Deletes it here; what may have left after all, or leaves this moment, is taken back. Pressed twice is once. */
export async function deleteReport(reportId: string): Promise<void> {
  const { db, tokens } = session();
  const body = (await wentBySms(reportId)) && (await namingSms(db, tokens, reportId));
  if (!(await drop(db, reportId))) await withdraw(reportId);
  // The SMS of it is a report of its own until the whole one comes, which will not.
  else if (body) await write({ said: { type: "report.withdraw", body }, entityId: reportId });
  else await refreshEverywhere();
}

export async function tryNow(reportId: string): Promise<void> {
  await hurry(session().db, reportId);
  await session().wake();
}
