/** What mediators do with who made a report: keys of their group, and opening together. It travels with the room. */
import type { OfMediator, Opening } from "../model";
import { base64url, fromBase64url, joined } from "../model/bytes";
import { fingerprint } from "../model/fingerprints";
import { type GroupKey, newGroupKey, openHalf, putTogether } from "../model/opening";
import { keyOfPaper, paperOf } from "../model/paper";
import { keyId, sealHalf } from "../model/protected";
import { uuid7 } from "../model/uuid7";
import type { Bytes } from "../model/vault";
import { fact, type KeptGroupKey } from "../store/facts";
import { begunBy, signed } from "../store/granting";
import { unlock } from "../store/locking";
import { draftsKept } from "./drafting";
import { LEAST_OVER_A_KEY } from "./locking";
import { write } from "./reporting";
import { session } from "./session";
import { mediator } from "./signals";

/** A key of the group as the server tells it. */
export interface KnownKey {
  office: string;
  place: number;
  public: string;
  by: string;
  mine: boolean;
  /** Another has taken its place. */
  retired: boolean;
  /** Its private half is on this phone. */
  here: boolean;
}

/** Our server says so, and no captive portal. */
export class NotAllowed extends Error {}

/** Throws without a connection, and NotAllowed without a login in force. */
export async function knownKeys(): Promise<KnownKey[]> {
  const { keys } = (await asked("/api/v1/group-keys", "GET")) as { keys: Omit<KnownKey, "here">[] };
  const here = (await fact(session().db, "groupKeys")) ?? [];
  return keys.map((key) => ({ ...key, here: here.some(({ point }) => base64url(point) === key.public) }));
}

/** What the code opens, or why not: whoever has the phone in hand for a moment makes no key with it. */
export async function codeFits(code: string): Promise<"done" | "short" | "wrong" | "wait"> {
  if (code.length < LEAST_OVER_A_KEY) return "short";
  const opened = await unlock(session().db, code, Date.now());
  return typeof opened === "string" ? opened : "done";
}

export interface DrawnKey {
  point: Bytes;
  pkcs8: Bytes;
  /** What belongs on paper, which is not shown again. */
  paper: string;
}

/** One that could be the group's, in the memory of this page alone: who leaves before it is on paper has made none. */
export async function drawKey(): Promise<DrawnKey> {
  const drawn = await newGroupKey();
  return { ...drawn, paper: await paperOf(drawn.pkcs8) };
}

/** Makes it one of the group's two keys, once it is on paper. The private half is on the disk before anybody is told the public one. */
export async function makeKey(office: string, place: number, { point, pkcs8 }: DrawnKey): Promise<void> {
  const by = mediator.value;
  await keepKey(place, point, pkcs8);
  const body = { office, place, public: base64url(point) };
  await write({ said: signed({ type: "group.key", body }, by), entityId: uuid7() });
}

/** The same key on another phone of the mediator who made it; false when it was copied wrong, or is another key's. */
export async function takeFromPaper(key: KnownKey, paper: string): Promise<boolean> {
  const point = fromBase64url(key.public);
  const pkcs8 = await keyOfPaper(paper, point);
  if (pkcs8) await keepKey(key.place, point, pkcs8);
  return pkcs8 !== null;
}

async function keepKey(place: number, point: Bytes, pkcs8: Bytes): Promise<void> {
  const { db, vault } = session();
  const made = { id: await keyId(point), place, point, private: await vault.sealBytes(pkcs8) };
  const transaction = db.transaction("facts", "readwrite", { durability: "strict" });
  const kept = (await transaction.store.get("groupKeys")) as KeptGroupKey[] | undefined;
  const others = (kept ?? []).filter(({ id }) => id !== made.id);
  await Promise.all([transaction.store.put([...others, made], "groupKeys"), transaction.done]);
}

/** Where the reason that is being written for it is kept. */
export const askOf = (report: string) => `ask-${report}`;

/** Under which lies what this mediator begins. */
export function mine(begun: string): string {
  return begunBy(mediator.value?.by, begun);
}

/** Asks whoever holds the other key. */
export async function askToOpen(report: string, reason: string): Promise<void> {
  const said = signed({ type: "identity.request", body: { report, reason } }, mediator.value);
  await draftsKept();
  await write({ said, entityId: uuid7(), draft: mine(askOf(report)) });
}

/** Passes the own half on to who asks, who alone can read it then. Rejects when the key for it is not on this phone. */
export async function consentTo(opening: Opening, report: string, holds: string): Promise<void> {
  const by = mediator.value;
  const { key, place } = await own(holds);
  const half = await openHalf(opening.half ?? "", place, key, report);
  const { sealed } = await sealHalf(half, place, fromBase64url(opening.to ?? ""), report);
  const said = signed({ type: "identity.consent", body: { report, passed: sealed } }, by);
  await write({ said, entityId: opening.id });
}

export function refuseTo(opening: Opening, report: string): Promise<void> {
  const said = signed({ type: "identity.refuse", body: { report } }, mediator.value);
  return write({ said, entityId: opening.id });
}

/** Who made the report, for the moment; nothing of it is kept. Each look is told to the reporter. Rejects without a connection. */
export async function lookAt(opening: Opening, report: string): Promise<{ name: string; contact: string }> {
  const halves = (await asked(`/api/v1/openings/${opening.id}`, "POST")) as {
    key: string;
    own: string;
    passed: string;
  };
  const { key, place } = await own(halves.key);
  const [mine, passed] = await Promise.all([
    openHalf(halves.own, place, key, report),
    openHalf(halves.passed, 3 - place, key, report),
  ]);
  return putTogether(mine, passed);
}

/** What was said of keys and names here, and is on its way or not taken. */
export interface Unsettled {
  said: OfMediator;
  /** Why the server did not take it; null while it is on its way. */
  refusal: string | null;
}

/** By whoever is logged in. */
export async function unsettled(): Promise<Unsettled[]> {
  const { db, vault } = session();
  const own = (await db.getAllFromIndex("operations", "seq")).map(async ({ type, state, code, opened }) => {
    if (state === "done" || !opened || !(type === "group.key" || type.startsWith("identity."))) return [];
    const { operation: said } = JSON.parse(await vault.open<string>(opened)) as { operation: OfMediator };
    const { by } = said.body;
    if (by && by !== mediator.value?.by) return [];
    return { said, refusal: state === "attention" ? (code ?? "other") : null };
  });
  return (await Promise.all(own)).flat();
}

/** Of one key, which one mediator reads to the other, so that both know to whom the half goes; or of both, for the poster. */
export function signsOf(points: string[]): Promise<string> {
  return fingerprint(joined(...points.map(fromBase64url)));
}

/** Of a key that was made here; null for any other. */
export async function signsOfOwn(holds: string | null): Promise<string | null> {
  const key = await kept(holds);
  return key ? fingerprint(key.point) : null;
}

async function kept(id: string | null): Promise<KeptGroupKey | undefined> {
  return (await fact(session().db, "groupKeys"))?.find((one) => one.id === id);
}

async function own(id: string): Promise<{ key: GroupKey; place: number }> {
  const made = await kept(id);
  if (!made) throw new Error("That key was not made on this phone.");
  const { point, place } = made;
  return { key: { id, point, pkcs8: await session().vault.openBytes(made.private) }, place };
}

async function asked(address: string, method: "GET" | "POST"): Promise<unknown> {
  const headers = { Authorization: `Bearer ${session().tokens.read}` };
  const response = await fetch(address, { method, headers, credentials: "omit" });
  const refused = response.status === 403 && (await response.json()).code === "not_allowed";
  if (refused) throw new NotAllowed(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}
