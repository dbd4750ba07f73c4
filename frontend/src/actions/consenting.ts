/** What a person agrees to before the first report is saved; in danger afterwards. */
import { fact, keepFact } from "../store/facts";
import { write } from "./reporting";
import { session } from "./session";
import { noRoom } from "./signals";

/** Of the notice, the words `consent.*`: one more when they come to mean something else, so that everybody is asked anew. */
const VERSION = 2;

/** Whether the present notice was agreed to. */
export async function consented(): Promise<boolean> {
  return (await fact(session().db, "consent")) === VERSION;
}

/** Agreed: from now on with every report, and for one that went before. */
export async function consent(reportId?: string): Promise<void> {
  await keepFact(session().db, "consent", VERSION).catch((trouble) => {
    noRoom();
    throw trouble;
  });
  if (reportId) await write({ said: { type: "report.consent", body: { consent: VERSION } }, entityId: reportId });
}
