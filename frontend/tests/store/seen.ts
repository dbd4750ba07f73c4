/** What the server shows of a report to its own profile. */
import type { ReportData } from "../../src/model";

export const OFFICE = { code: "okmotu", names: { ky: "Ак-Сай айыл өкмөтү" } };

export function seen(of: Partial<ReportData>): ReportData {
  return {
    state: "with_office",
    receipt: "00000000000",
    village: { code: "41705214848010", names: { ky: "Ак-Сай" } },
    audience: "office",
    read_by: [OFFICE],
    number: "26-1",
    office: OFFICE,
    reason: { ky: "Айылы боюнча." },
    copies: [],
    due_ms: null,
    answers: [],
    talk: [],
    media: [],
    notify: false,
    ...of,
  };
}
