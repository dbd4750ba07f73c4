/** What a mediator's login brings to the phone, and what its end takes. It travels with the room. */
import type { Grant } from "../model";
import { type Sealed, same, type Vault } from "../model/vault";
import { fact, keepFact } from "./facts";
import type { Database } from "./opening";
import { dropCases, SETTLED, sendEverythingAgain } from "./syncing";

/**
 * A mediator has logged in. Who has cases here already keeps them, with the cursor that tells of them: what was taken back meanwhile it
 * tells too. To anybody else everything is new, so cases and cursor go in the same transaction: a cursor that stayed behind would pass over
 * the cases that an earlier log-out took from here.
 */
export async function keepGrant(db: Database, vault: Vault, grant: Grant): Promise<void> {
  const sealed = await vault.seal(grant);
  const before = await fact(db, "mediator");
  const mine = before !== undefined && (await isAlike(vault, before, grant));
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

/** Whether the login before was the same person's, in the same groups. */
async function isAlike(vault: Vault, sealed: Sealed, grant: Grant): Promise<boolean> {
  const said = ({ name, offices }: Grant) => JSON.stringify([name, offices.map(({ code }) => code).sort()]);
  return vault.open<Grant>(sealed).then(
    (before) => said(before) === said(grant),
    () => false,
  );
}

/**
 * For the screens: what the server no longer shows this person leaves the phone; unsent work stays. That the login is still to be given back
 * is written first, so that nothing between makes the phone forget it. Where that does not fit, the cases leave all the same: it may fit
 * then. Rejects where it does not: the login, which nothing else would remember, stays without its cases.
 */
export async function forgetCases(db: Database): Promise<void> {
  const told = await keepFact(db, "givingBack", true).then(
    () => true,
    () => false,
  );
  const transaction = db.transaction(["changes", "facts"], "readwrite", { durability: "strict" });
  await dropCases(transaction.objectStore("changes"));
  if (told) await transaction.objectStore("facts").delete("mediator");
  await transaction.done;
  if (told) return;
  const { store, done } = db.transaction("facts", "readwrite", { durability: "strict" });
  await Promise.all([store.put(true, "givingBack"), store.delete("mediator"), done]);
}
