/** What a screen shows of a report or a case: the phone's own copy and the server's view of it, put together. */
import type {
  Card,
  Case,
  FollowUp,
  KeptMedium,
  Outgoing,
  OwnFollowUp,
  OwnReport,
  PhoneState,
  Talk,
  Verdict,
} from "./phone";
import { grouped } from "./receipts";
import type { CaseData, Dispute, Medium, Operation, ReportData } from "./wire";

export interface Known {
  /** This report's operations by `seq`. */
  operations: Outgoing[];
  media: KeptMedium[];
  /** What was said after a report, by operation. */
  replies: Map<string, Operation>;
  /** The server's view; undefined until it has been pulled. */
  seen: ReportData | undefined;
}

export function cardOf(report: OwnReport, known: Known): Card {
  const { operations, media, seen } = known;
  const last = operations[operations.length - 1];
  // What was said before it or after it must not hide that something was not taken in.
  const attention = operations.find(({ state }) => state === "attention");
  return {
    ...report,
    receipt: grouped(report.receipt),
    village: seen?.village?.code ?? report.village,
    villageNames: seen?.village?.names ?? report.villageNames,
    track: operations.some(appeals) ? "appeal" : report.track,
    unlisted: report.unlisted ?? false,
    state: attention ? "needs_attention" : report.withdrawn ? takenBack(last) : stateOf(report, operations[0], seen),
    code: attention?.code ?? null,
    unsent: operations.filter(isUnsent).map(({ type }) => type),
    deletable: deletable(operations, media),
    number: seen?.number ?? null,
    office: seen?.office ?? null,
    reason: seen?.reason ?? null,
    copies: seen?.copies ?? [],
    readBy: seen?.read_by ?? [],
    dueMs: seen?.due_ms ?? null,
    answers: seen?.answers ?? [],
    talk: talkOf(known),
    disputes: disputesOf(known),
    media: media
      .filter(({ role, opId }) => role !== "preview" && opId !== HEARD && !isLater(operations, opId))
      .map((medium) => mediumOf(medium, seen?.media)),
    verdict: attention ? null : verdictOf(report, seen),
    notify: notified(report, operations, seen),
    openedMs: seen?.opened_ms ?? null,
  };
}

function appeals({ type, state }: Outgoing): boolean {
  return type === "report.appeal" && state !== "attention";
}

/** What was said here counts until the server has heard it. */
function notified({ notify = false }: OwnReport, operations: Outgoing[], seen: ReportData | undefined): boolean {
  return operations.some((one) => one.type === "report.notify" && isUnsent(one)) ? notify : (seen?.notify ?? notify);
}

/** In place of the operation of what an office said. */
export const HEARD = "";

function isLater(operations: Outgoing[], id: string): boolean {
  return operations.some(({ opId, type }) => opId === id && type !== "report.create");
}

export function isUnsent({ state }: Pick<Outgoing, "state">): boolean {
  return state === "pending" || state === "attempting";
}

/** Of one report: nobody has any of it, or the server keeps something aside. What may have arrived is withdrawn instead. */
export function deletable(operations: Outgoing[], media: KeptMedium[]): Card["deletable"] {
  // What takes something back must leave, whatever it takes back has done.
  const never = operations.every(({ left, state, type }) => !left && state === "pending" && type !== "report.withdraw");
  if (never && operations.length > 0 && !media.some(({ announced }) => announced)) return "never";
  return operations.some(isRefused) ? "refused" : null;
}

/** What the server lost its key for is sealed again by itself. */
export function isRefused({ state, code }: Outgoing): boolean {
  return state === "attention" && code !== "unknown_key";
}

/** What was said here and the server does not show yet stands last, read from the operation that carries it. */
function talkOf({ operations, replies, media, seen }: Known): Talk[] {
  const told = seen?.talk ?? [];
  const known = new Set(told.map(({ id }) => id));
  const unseen = operations.flatMap(({ opId, savedAt, state }) => {
    const operation = replies.get(opId);
    if (operation?.type !== "report.reply" || known.has(opId)) return [];
    const own = mediaOf(opId, media);
    return [{ ...operation.body, id: opId, at_ms: savedAt, office: null, media: own, waiting: state !== "done" }];
  });
  return [...told, ...unseen];
}

/** The server tells only mediators of them: what stands here is what this phone said. */
function disputesOf({ operations, replies, media }: Known): Dispute[] {
  return operations.flatMap(({ opId, savedAt }) => {
    const operation = replies.get(opId);
    if (operation?.type !== "report.dispute") return [];
    return [{ id: opId, text: operation.body.reason, at_ms: savedAt, media: mediaOf(opId, media) }];
  });
}

function mediaOf(opId: string, media: KeptMedium[]): Medium[] {
  return media.filter((one) => one.opId === opId).map((one) => mediumOf(one, undefined));
}

function stateOf(report: OwnReport, created: Outgoing | undefined, seen: ReportData | undefined): PhoneState {
  if (seen) return seen.state;
  if (created?.state === "attempting") return "sending";
  if (created?.state === "pending") return report.bySms ? "by_sms" : "saved";
  return "arrived";
}

function takenBack(withdrawal: Outgoing | undefined): PhoneState {
  return withdrawal?.state === "done" ? "withdrawn" : "withdrawing";
}

/** An answer that came after the verdict asks again. */
function verdictOf({ verdict }: OwnReport, seen: ReportData | undefined): Verdict | null {
  if (!verdict) return null;
  return (seen?.answers?.length ?? 0) > verdict.answers ? null : verdict.said;
}

function mediumOf(own: KeptMedium, seen: Medium[] | undefined): Medium {
  const told = seen?.find(({ id }) => id === own.id)?.state;
  const here = own.state === "refused" ? "unusable" : own.state === "received" ? "received" : "expected";
  return { id: own.id, role: own.role, state: told && told !== "expected" ? told : here };
}

export function caseOf(id: string, data: CaseData, own: OwnFollowUp[], operations: Map<string, Outgoing>): Case {
  const { followups = [] } = data;
  const known = new Set(followups.map((one) => one.id));
  const unseen = own.filter((one) => one.case === id && !known.has(one.id));
  return { ...data, id, followups: [...followups, ...madeHere(unseen, operations)] };
}

/** Follow-ups as they were written, and what became of each. */
export function madeHere(own: OwnFollowUp[], operations: Map<string, Outgoing>): FollowUp[] {
  return own.map((followUp) => {
    const operation = operations.get(followUp.id);
    const code = operation?.state === "attention" ? operation.code : null;
    return { ...followUp, waiting: operation?.state !== "done", code };
  });
}
