/** What the server shows of a report to its own profile. */
import vector from "../../../tests/vectors/shown.json";
import type { ReportData } from "../../src/model";

export const { office: OFFICE } = vector.report;

/** As it was shown once, with something of everything; without what was said and what was sent, and with what is given. */
export function seen(of: Partial<ReportData>): ReportData {
  return { ...(vector.report as ReportData), state: "with_office", answers: [], talk: [], media: [], ...of };
}
