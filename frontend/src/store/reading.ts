/** Everything the screens show, read in one transaction and opened after it. */
import type {
  Card,
  Case,
  CaseData,
  FollowUp,
  Grant,
  KeptMedium,
  Operation,
  Outgoing,
  OwnFollowUp,
  OwnReport,
  ReportData,
} from "../model";
import { cardOf, caseOf, isUnsent, madeHere } from "../model/cards";
import type { Sealed, Vault } from "../model/vault";
import type { KeptChange, SealedRow } from "./migrations";
import type { Database } from "./opening";

export interface Shown {
  /** Who is logged in. */
  mediator: Grant | null;
  cards: Card[];
  cases: Case[];
  /** What this mediator wrote here on cases that are not here any more. */
  strays: FollowUp[];
  /** Something is still to be sent, whosever it is. */
  waiting: boolean;
}

export async function shown(db: Database, vault: Vault): Promise<Shown> {
  const transaction = db.transaction(["operations", "reports", "followups", "media", "changes", "facts"]);
  const [login, operations, media, ...sealed] = await Promise.all([
    transaction.objectStore("facts").get("mediator"),
    allOf(transaction.objectStore("operations"), ({ opId }) => opId),
    allOf(transaction.objectStore("media"), ({ id }) => id),
    allOf(transaction.objectStore("reports"), ({ id }) => id),
    allOf(transaction.objectStore("followups"), ({ id }) => id),
    allOf(transaction.objectStore("changes"), ({ entity, id }) => [entity, id]),
  ]);
  operations.sort((one, other) => one.seq - other.seq);
  const [mediator, reports, written, changes, replies] = await Promise.all([
    login ? vault.open<Grant>(login as Sealed) : null,
    rowsOf<OwnReport>(vault, sealed[0]),
    rowsOf<OwnFollowUp>(vault, sealed[1]),
    changesOf(vault, sealed[2]),
    repliesOf(vault, operations),
  ]);
  const seen = new Map(changes.map(({ entity, id, data }) => [`${entity}/${id}`, data]));
  const [ownOperations, ownMedia] = [byEntityOf(operations), byEntityOf(media)];
  const cards = reports.map((report) =>
    cardOf(report, {
      operations: ownOperations.get(report.id) ?? [],
      media: ownMedia.get(report.id) ?? [],
      replies,
      seen: seen.get(`report/${report.id}`) as ReportData | undefined,
    }),
  );
  const followUps = written.filter(({ whose }) => !whose || whose === mediator?.by);
  const byEntity = new Map(operations.map((operation) => [operation.entityId, operation]));
  const cases = changes
    .filter(({ entity }) => entity === "case")
    .map(({ id, data }) => caseOf(id, data as CaseData, followUps, byEntity));
  return {
    mediator,
    cards: cards.sort((one, other) => other.savedAt - one.savedAt),
    cases,
    strays: madeHere(
      followUps.filter((one) => !seen.has(`case/${one.case}`)),
      byEntity,
    ),
    waiting: unfinished(operations, media),
  };
}

function rowsOf<Row>(vault: Vault, rows: SealedRow[]): Promise<Row[]> {
  return Promise.all(rows.map(({ sealed }) => vault.open<Row>(sealed)));
}

/** Also for whoever looks at what the server has told this phone. */
export function changesOf(vault: Vault, rows: KeptChange[]) {
  const opened = async (row: KeptChange) => ({
    ...row,
    data: await vault.open<unknown>(row.data),
  });
  return Promise.all(rows.map(opened));
}

const SPOKEN = new Set(["report.reply", "report.dispute"]);

/** What the reporter said after the report is read from the operations that carry it. */
async function repliesOf(vault: Vault, operations: Outgoing[]): Promise<Map<string, Operation>> {
  const said = operations.filter(({ type, opened }) => SPOKEN.has(type) && opened !== null);
  const entry = async ({ opId, opened }: Outgoing): Promise<[string, Operation]> => {
    const content = JSON.parse(await vault.open<string>(opened as Sealed)) as Content;
    return [opId, content.operation];
  };
  return new Map(await Promise.all(said.map(entry)));
}

interface Content {
  operation: Operation;
}

const AT_ONCE = 50;

/** Every row, some at a time: a mediator's thousand cases read at once would hold up what a finger is scrolling. */
async function allOf<Row>(
  store: { getAll(range: IDBKeyRange | null, most: number): Promise<Row[]> },
  keyOf: (row: Row) => IDBValidKey,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let range: IDBKeyRange | null = null; ; ) {
    const some = await store.getAll(range, AT_ONCE);
    all.push(...some);
    const last = some[AT_ONCE - 1];
    if (!last) return all;
    range = IDBKeyRange.lowerBound(keyOf(last), true);
  }
}

function byEntityOf<Kept extends { entityId: string }>(all: Kept[]): Map<string, Kept[]> {
  const found = new Map<string, Kept[]>();
  for (const one of all) {
    const known = found.get(one.entityId);
    if (known) known.push(one);
    else found.set(one.entityId, [one]);
  }
  return found;
}

function unfinished(operations: Outgoing[], media: KeptMedium[]): boolean {
  return operations.some(isUnsent) || media.some(({ state }) => state === "pending");
}
