/** One item of the outbox: tried at once, or taken off this phone. */
import { drop, hurry } from "../store/deleting";
import { forgetDraft } from "./drafting";
import { withdraw } from "./reporting";
import { refreshEverywhere, session } from "./session";

/** Deletes it here; what may have left after all, or leaves this moment, is taken back. Pressed twice is once. */
export async function deleteReport(reportId: string): Promise<void> {
  if (!(await drop(session().db, reportId))) return withdraw(reportId);
  // What did not fit, and was to be said of it, is not written any more.
  forgetDraft(reportId);
  await refreshEverywhere();
}

export async function tryNow(reportId: string): Promise<void> {
  // On a full disk it cannot be noted, and goes all the same if its time has come.
  await hurry(session().db, reportId).catch(() => undefined);
  await session().wake();
}
