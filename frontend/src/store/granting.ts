/** What a mediator's login brings to the phone, and what its end takes. It travels with the room. */
import type { IDBPTransaction } from "idb";
import type { FollowUpBody, Grant, OfMediator, Outgoing } from "../model";
import { type Sealed, same, type Vault } from "../model/vault";
import { fact } from "./facts";
import type { Shape } from "./migrations";
import type { Database } from "./opening";
import type { Saying } from "./saving";
import { dropCases, HEARD, SETTLED, sendEverythingAgain } from "./syncing";

/**
 * A mediator has logged in. Who has cases here already keeps them, with the cursor that tells of them: what was taken back meanwhile it
 * tells too. To anybody else everything is new, so cases and cursor go in the same transaction: a cursor that stayed behind would pass over
 * the cases that an earlier log-out took from here.
 */
export async function keepGrant(db: Database, vault: Vault, grant: Grant): Promise<void> {
  const sealed = await vault.seal(grant);
  const before = await fact(db, "mediator");
  const mine = before !== undefined && (await isAlike(vault, before, grant));
  if (!mine) await forgetSent(db);
  const transaction = db.transaction(SETTLED, "readwrite", { durability: "strict" });
  const [changes, facts] = [transaction.objectStore("changes"), transaction.objectStore("facts")];
  // Who hears only now that the server was restored must not lose this login over it.
  const restored = await sendEverythingAgain(transaction, grant.epoch);
  // Another tab may have logged out meanwhile, or another person in.
  const stands = mine && same((await facts.get("mediator")) as Sealed | undefined, before);
  const held = await changes.getKey(IDBKeyRange.bound(["case"], ["case", []]));
  if (restored || !stands || !held) {
    await dropCases(changes);
    await facts.delete("cursor");
  }
  await Promise.all([facts.put(sealed, "mediator"), facts.delete("givingBack"), transaction.done]);
}

/** Says whose words these are: somebody else may have logged in here before they are sent. */
export function signed(said: OfMediator, grant: Grant | null): OfMediator {
  return { ...said, body: { ...said.body, by: grant?.by } } as OfMediator;
}

/** Under which lies what a mediator begins: another one's on the same case is another's. */
export function begunBy(by: string | undefined, what: string): string {
  return by ? `${what}/${by}` : what;
}

/** A follow-up as it is sent and as it is shown here, to who wrote it. */
export function followUpOf(
  id: string,
  body: FollowUpBody,
  grant: Grant | null,
  now: number,
): Pick<Saying, "said" | "entityId" | "followUp"> {
  const followUp = { ...body, id, by: grant?.name ?? "", whose: grant?.by, at_ms: now };
  return { said: signed({ type: "followup.create", body }, grant), entityId: id, followUp };
}

/** Whether the login before was the same person's, in the same groups; of one that an older app kept the name says so. */
async function isAlike(vault: Vault, sealed: Sealed, grant: Grant): Promise<boolean> {
  const said = ({ name, offices }: Grant) => JSON.stringify([name, offices.map(({ code }) => code).sort()]);
  return vault.open<Grant>(sealed).then(
    (before) => said(before) === said(grant) && (before.by ?? grant.by) === grant.by,
    () => false,
  );
}

const LEAVING = ["operations", "followups", "changes", "reports", "drafts", "draftParts", "facts"] as const;
type Leaving = IDBPTransaction<Shape, typeof LEAVING, "readwrite">;

/**
 * For the screens: what the server no longer shows this person leaves the phone; unsent work stays. After a log-out by hand somebody else may
 * come: then the mediator's words that the server has leave too, and what was begun. That the login is still to be given back is written
 * first, so that nothing between makes the phone forget it. Where that does not fit, the cases leave all the same: it may fit then. Rejects
 * where it does not: the login, which nothing else would remember, stays without its cases.
 */
export async function forgetCases(db: Database, byHand = false, by?: string): Promise<void> {
  const noted = await noteDown(db, byHand, false).catch(() => false);
  const transaction = leaving(db);
  await dropCases(transaction.objectStore("changes"));
  if (byHand) await Promise.all([dropSent(transaction), dropBegun(transaction, by)]);
  if (noted) await transaction.objectStore("facts").delete("mediator");
  await transaction.done;
  if (!noted) await noteDown(db, byHand, true);
}

function leaving(db: Database): Leaving {
  return db.transaction(LEAVING, "readwrite", { durability: "strict" });
}

async function noteDown(db: Database, byHand: boolean, last: boolean): Promise<true> {
  const transaction = leaving(db);
  await transaction.objectStore("facts").put(true, "givingBack");
  if (byHand) await closeSent(transaction);
  if (last) await transaction.objectStore("facts").delete("mediator");
  await transaction.done;
  return true;
}

/** Another person may have come after a login that ran out. */
async function forgetSent(db: Database): Promise<void> {
  const transaction = leaving(db);
  await Promise.all([closeSent(transaction), dropSent(transaction), transaction.done]);
}

/** As `keepWords` marks them. */
const WORDS = "text/plain";

const isSent = ({ state, code }: Outgoing) => state === "done" && code !== HEARD;

/** What a mediator said and the server has is not read here any more; sealed it stays, for a server that is restored. */
async function closeSent(transaction: Leaving): Promise<void> {
  const operations = transaction.objectStore("operations");
  for (const kept of await operations.getAll()) {
    const theirs = kept.type === "followup.create" || kept.type.startsWith("identity.");
    if (theirs && kept.opened && isSent(kept)) await operations.put({ ...kept, opened: null });
  }
}

async function dropSent(transaction: Leaving): Promise<void> {
  const operations = await transaction.objectStore("operations").getAll();
  const stay = new Set(operations.filter((kept) => !isSent(kept)).map(({ entityId }) => entityId));
  const followUps = transaction.objectStore("followups");
  for (const id of await followUps.getAllKeys()) if (!stay.has(id)) await followUps.delete(id);
}

/** Words that were begun, and belong to no report of this phone's own; not those of another mediator, whose id stands behind them. */
async function dropBegun(transaction: Leaving, by?: string): Promise<void> {
  const parts = transaction.objectStore("draftParts");
  const own = [transaction.objectStore("reports"), transaction.objectStore("drafts")].map((one) => one.getAllKeys());
  const ids = (await Promise.all(own)).flat();
  const kept = (await Promise.all(ids.map((id) => parts.index("draft").getAllKeys(id)))).flat();
  const stay = new Set(kept.map(String));
  for (const key of await parts.getAllKeys()) {
    const { mime, draft = "" } = (await parts.get(key)) ?? {};
    const [what = "", whose] = draft.split("/");
    const anothers = whose !== undefined && draft !== begunBy(by, what);
    if (!stay.has(String(key)) && mime === WORDS && !anothers) await parts.delete(key);
  }
}
