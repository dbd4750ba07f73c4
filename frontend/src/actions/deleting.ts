/** One item of the outbox: tried at once, or taken off this phone. */
import { drop, hurry } from "../store/deleting";
import { unnoted } from "./handing";
import { withdraw } from "./reporting";
import { refreshEverywhere, session } from "./session";

/** Deletes it here; what may have left after all, or leaves this moment, is taken back. Pressed twice is once. */
export async function deleteReport(reportId: string): Promise<void> {
  if (await drop(session().db, reportId, unnoted.has(reportId) || unnoted.has(null))) await refreshEverywhere();
  else await withdraw(reportId);
}

export async function tryNow(reportId: string): Promise<void> {
  // On a full disk it cannot be noted, and goes all the same if its time has come.
  await hurry(session().db, reportId).catch(() => undefined);
  await session().wake();
}
