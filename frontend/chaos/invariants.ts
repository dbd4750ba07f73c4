/** What must hold once the sky is clear and everybody has synced; the server's side is read from PostgreSQL. */
import { isDeepStrictEqual } from "node:util";
import type { FollowUpBody, ReportBody } from "../src/model";
import { changesOf, shown } from "../src/store/reading";
import type { Ground } from "./ground";
import { nobodyElse, together, whose } from "./identities";
import { mediated, unheard } from "./moving";
import { faultsOfOurs } from "./network";
import type { AllEffects, Effects, ReportEffects } from "./office";
import { type Account, operationsOf, type Phone, type World } from "./phone";
import { demand, OF_MEDIATORS, type Promised, type Promises } from "./promises";
import { receiptsTell } from "./receipts";

const EMPTY: Effects = { operations: {}, quarantined: [], reports: {}, follow_ups: {} };

export async function judge(phones: Phone[], ground: Ground, world: World): Promise<void> {
  const forLost = new Set(await orphans(ground, world));
  const profiles = [...new Set(world.promises.kept.map(({ readHash }) => readHash))];
  const effects = await ground.office.ask<AllEffects>({ do: "effects", profiles });
  demand(effects.faults.length === 0, () => effects.faults.join("; "));
  demand(faultsOfOurs.length === 0, () => `the server said 500 by itself: ${faultsOfOurs.splice(0)}`);
  const nowhere = await ground.office.nowhere([...world.promises.links]);
  demand(nowhere.length === 0, () => `SMS ${nowhere[0]} was taken in and is nowhere`);
  await nobodyStillHas(effects, ground, world);
  const accounts = phones.flatMap((phone) => phone.accounts);
  const revoked = new Map(accounts.filter((one) => one.revoked).map((one) => [one.tokens.readHash, one.answered]));
  for (const promised of world.promises.kept) {
    const told = effects.profiles[promised.readHash] ?? EMPTY;
    const answered = revoked.get(promised.readHash);
    // What was put back to a state before the answer has to come again, and then comes from a profile that is revoked.
    if (answered && (world.restored || !answered.has(promised.opId))) continue;
    const whole = answered ? { ...promised, media: [] } : promised; // its photos go no more
    if (!forLost.has(promised.opId) && !refusedRightly(promised, told, world))
      tookEffectOnce(whole, told, world.promises);
  }
  together(effects, world);
  for (const [readHash, told] of Object.entries(effects.profiles)) nothingElse(readHash, told, world);
  for (const account of accounts) await onThePhone(account, world, forLost);
  for (const account of accounts) await forgotten(account, world, effects);
  unheard(phones, effects, world);
  for (const [at, phone] of phones.entries()) {
    const held = mediated(at, effects);
    for (const account of phone.accounts.filter((one) => !one.revoked)) {
      const told = await converged(account, ground, world);
      follows(account, [...told.keys()], held);
    }
  }
  await nobodyElse(phones, effects, ground, world);
  await receiptsTell(phones, effects, world.promises);
}

const WITH_WORDS = new Set(["report.create", "report.reply", "report.dispute"]);

/** The words of what was taken back, by whichever road they came. */
async function nobodyStillHas({ profiles }: AllEffects, { office }: Ground, { promises }: World): Promise<void> {
  const back = ({ type, entityId, readHash }: Promised) =>
    WITH_WORDS.has(type) && takenBack(entityId, profiles[readHash] ?? EMPTY);
  const texts = promises.kept.filter(back).map(({ text }) => text);
  const { left } = await office.ask<{ left: string[] }>({ do: "left", texts });
  demand(left.length === 0, () => `“${left[0]}” was taken back and is still on the server`);
}

/** What mediators noted on cases whose reports nobody has any more: the server was restored to a state before them. */
export async function orphans({ office }: Ground, { restored }: World): Promise<string[]> {
  return restored ? (await office.ask<{ orphans: string[] }>({ do: "orphans" })).orphans : [];
}

function refusedRightly(promised: Promised, told: Effects, world: World): boolean {
  const { opId } = promised;
  const kept = told.quarantined.includes(opId) && told.operations[opId]?.code === "not_yours";
  return kept && mayBeRefused(promised, world);
}

/**
 * An office had handed the case on to this mediator's, after the backup, or the key was another one then; nobody has that decision any more.
 * Or the reporter took it back, and there is nothing to ask about. Or the group was switched off. Or the mediator came to the office that it is
 * about, or left the one that had it.
 */
function mayBeRefused({ type, body, readHash }: Promised, world: World): boolean {
  const { restored, switched, moved, promises } = world;
  const gone = type === "identity.request" && "report" in body && promises.withdrawn.has(body.report);
  const off = switched && type !== "followup.create" && OF_MEDIATORS.has(type);
  const elsewhere = restored || moved.has(readHash);
  return gone || off || (elsewhere && type !== "group.key" && OF_MEDIATORS.has(type));
}

/** Lost nothing, doubled nothing, changed nothing. */
function tookEffectOnce(promised: Promised, told: Effects, promises: Promises): void {
  const { excused, withdrawn, lostMedia, discarded } = promises;
  const { opId, type, entityId, refusal } = promised;
  const row = told.operations[opId];
  const name = `${type} ${opId}`;
  const unheard = row === undefined && !told.quarantined.includes(opId);
  const where = row ? `${row.status}/${row.code}` : "kept aside";
  demand(
    discarded.get(opId) !== "never" || unheard,
    () => `${name} was thrown away unsent and is on the server (${where})`,
  );
  // A restore may have lost what had been refused.
  if (row === undefined && discarded.has(opId)) return;
  if (row === undefined && (excused.has(opId) || (type !== "report.withdraw" && withdrawn.has(entityId)))) return;
  const aside = told.quarantined.includes(opId) ? " (it is kept aside)" : "";
  demand(row !== undefined, () => `${name} was saved and never took effect${aside}`);
  // Taken back before it came, nobody looked at what was wrong with it.
  if (refusal !== null && !(withdrawn.has(entityId) && row.status === "applied")) {
    const as = row.status === "rejected" && row.code === refusal;
    demand(as, () => `${name} is ${row.status}/${row.code}, not ${refusal}`);
    demand(told.quarantined.includes(opId), () => `${name} was refused and is not kept for a person to see`);
    return;
  }
  // Its report was lost by an eviction, or by the phone of another profile: then it goes on waiting.
  const orphaned = type !== "report.create" && row.status === "waiting" && told.reports[entityId] === undefined;
  if (excused.has(opId) || orphaned) return;
  demand(row.status === "applied", () => `${name} is ${row.status}/${row.code}`);
  if (!takenBack(entityId, told)) said(promised, told, lostMedia);
}

/** The words are there as they were said. */
function said(promised: Promised, told: Effects, lostMedia: Set<string>): void {
  const { opId, type, entityId, text, media } = promised;
  const name = `${type} ${opId}`;
  const report = told.reports[entityId];
  if (type === "report.create") {
    demand(report !== undefined, () => `${name} is said to be applied and its effect is nowhere`);
    demand(report.text === text, () => `${name} took effect with other words`);
    const { about_office: about, about_unlisted: unlisted = false, answers } = promised.body as ReportBody;
    demand(report.about === about, () => `${name} is about ${report.about}, not ${about}`);
    demand(report.unlisted === unlisted, () => `${name} is ${unlisted ? "not " : ""}about an office that no list has`);
    demand(isDeepStrictEqual(report.answers, answers), () => `${name} took effect with other answers`);
    const times = report.events["report.received"];
    demand(times === 1, () => `${name} left ${times} events`);
  } else if (type === "followup.create") {
    const effect = told.follow_ups[entityId];
    demand(effect !== undefined, () => `${name} is said to be applied and its effect is nowhere`);
    demand(effect.text === text, () => `${name} took effect with other words`);
    const { by } = promised.body as FollowUpBody & { by?: string };
    demand(effect.by === by, () => `${name} was said by ${by} and took effect as ${effect.by}'s`);
    demand(effect.events === 1, () => `${name} left ${effect.events} events`);
  } else if (type === "report.reply" || type === "report.dispute") {
    const words = (type === "report.reply" ? report?.replies : report?.disputes)?.[opId];
    demand(words === text, () => `${name} took effect as “${words}”`);
  }
  for (const one of media) if (!lostMedia.has(one.id)) arrived(one, promised, report);
}

/** Every byte as it was recorded, with what it was said in, and decoded, once. */
function arrived({ id, sha256 }: Promised["media"][number], { type, opId }: Promised, report?: ReportEffects): void {
  const name = `${type} ${opId}`;
  const there = report?.media[id];
  demand(there !== undefined, () => `medium ${id} of ${name} is nowhere`);
  const saidIn = type === "report.create" ? null : opId;
  demand(there.said_in === saidIn, () => `medium ${id} of ${name} was said in ${there.said_in}`);
  demand(there.sha256 === sha256, () => `medium ${id} of ${name} has other bytes`);
  demand(there.state === "ready", () => `medium ${id} of ${name} is ${there.state}`);
  const times = `${there.received} times received, ${there.ready} times ready`;
  // Somebody else's bytes may have come in whole before the report that says which are right.
  demand(there.received >= 1 && there.ready === 1, () => `medium ${id} of ${name}: ${times}`);
}

/** Whether the server has the withdrawal of a report, which then says nothing any more. */
function takenBack(entityId: string, told: Effects): boolean {
  const rows = Object.values(told.operations).filter(({ entity }) => entity === entityId);
  return rows.some(({ type, status }) => type === "report.withdraw" && status === "applied");
}

const VERDICTS = ["report.confirm", "report.dispute"];
const OF_VERDICTS = ["case.solved", "case.disputed", "case.noted"];

/** Nothing took effect that nobody said, no verdict counts twice, and what was taken back is gone. */
function nothingElse(readHash: string, told: Effects, world: World): void {
  const said = world.promises.kept.filter((one) => one.readHash === readHash);
  const ids = new Set(said.map(({ entityId }) => entityId));
  for (const id of [...Object.keys(told.reports), ...Object.keys(told.follow_ups)]) {
    demand(ids.has(id), () => `${id} is on the server and was never said to be saved`);
  }
  const applied = Object.values(told.operations).filter(({ status }) => status === "applied");
  for (const [id, report] of Object.entries(told.reports)) {
    const own = applied.filter(({ entity }) => entity === id);
    const back = takenBack(id, told);
    count(report, OF_VERDICTS, own, VERDICTS, back, `report ${id}`);
    count(report, ["report.replied"], own, ["report.reply"], back, `report ${id}`);
    const named = new Set(said.flatMap(({ media }) => media.map((one) => one.id)));
    const other = Object.keys(report.media).find((one) => !named.has(one));
    demand(other === undefined, () => `report ${id} has medium ${other}, which nobody named`);
    demand(report.withdrawn === back, () => `report ${id} is ${report.withdrawn ? "" : "not "}erased`);
    if (back) erased(id, report);
    else {
      whose(id, report, said, told);
      asChosen(id, report, said, told);
      notified(id, report, said, told);
    }
  }
}

type Row = Effects["operations"][string];

/** As many events as words; what was said after a withdrawal leaves none. */
function count(report: ReportEffects, kinds: string[], rows: Row[], types: string[], back: boolean, name: string) {
  const words = rows.filter(({ type }) => types.includes(type)).length;
  const events = kinds.reduce((sum, kind) => sum + (report.events[kind] ?? 0), 0);
  demand(back ? events <= words : events === words, () => `${words} ${types} on ${name} left ${events} events`);
}

function erased(id: string, report: ReportEffects): void {
  const { text, events, replies, disputes, media, notify, unlisted } = report;
  const nobody = report.identity === null && report.protected === null;
  demand(nobody, () => `report ${id} was taken back and says whose it was`);
  demand(!unlisted, () => `report ${id} was taken back and says whom it was about`);
  demand(notify === null, () => `report ${id} was taken back and notices go to ${notify}`);
  const left = [text, ...Object.values(replies), ...Object.values(disputes)].filter((words) => words !== "");
  demand(left.length === 0, () => `report ${id} was taken back and still says “${left[0]}”`);
  const times = events["report.withdrawn"];
  demand(times === 1, () => `the withdrawal of report ${id} left ${times} events`);
  const kept = Object.values(media).filter(({ state }) => state !== "erased");
  demand(kept.length === 0, () => `report ${id} was taken back and its media are ${kept[0]?.state}`);
}

/** Whoever the reporter chose last, whatever came in which order. */
function asChosen(id: string, { audience, events }: ReportEffects, said: Promised[], told: Effects): void {
  const choices = said.filter(
    ({ opId, type, entityId }) =>
      entityId === id && type === "report.audience" && told.operations[opId]?.status === "applied",
  );
  const last = choices.sort((one, other) => one.seq - other.seq).at(-1);
  demand(!last || audience === last.text, () => `report ${id} is for ${audience}, not ${last?.text}`);
  const times = events["report.audience_chosen"] ?? 0;
  demand(times <= choices.length, () => `${choices.length} choices on report ${id} left ${times} events`);
}

const ENDS = ["case.solved", "case.unconfirmed"];

/** Notices go where the reporter said last, or nowhere once the case has ended. */
function notified(id: string, { notify, events }: ReportEffects, said: Promised[], told: Effects): void {
  const last = said
    .filter(
      (one) => one.entityId === id && one.type === "report.notify" && told.operations[one.opId]?.status === "applied",
    )
    .sort((one, other) => one.seq - other.seq)
    .at(-1);
  const right = notify === (last?.text || null) || (notify === null && ENDS.some((kind) => (events[kind] ?? 0) > 0));
  demand(right, () => `notices of report ${id} go to ${notify}, not ${last?.text || "nowhere"}`);
}

/** Everything said to be saved is shown, and as arrived once it has. */
async function onThePhone(account: Account, world: World, forLost: Set<string>): Promise<void> {
  const { cards } = await shown(account.raw, account.vault);
  const byId = new Map(cards.map((card) => [card.id, card]));
  const operations = new Map((await operationsOf(account)).map((one) => [one.opId, one]));
  for (const promised of world.promises.kept) {
    const { readHash, opId, type, entityId, refusal } = promised;
    if (readHash !== account.tokens.readHash) continue;
    const own = operations.get(opId);
    const gone = own === undefined && !world.promises.erased(promised);
    demand(!gone, () => `${type} ${opId} is not on its phone any more`);
    if (account.revoked || own === undefined || forLost.has(opId)) continue;
    const refused = refusal !== null || (own.code === "not_yours" && mayBeRefused(promised, world));
    const state = refused ? "attention" : "done";
    // A locked profile is told no more than a carrier is, and asks again once it is opened.
    demand(
      own.state === state && own.code !== "accepted",
      () => `${type} ${opId} is ${own.state}/${own.code} on the phone, not ${state}`,
    );
    const card = byId.get(entityId);
    demand(type !== "report.create" || card !== undefined, () => `report ${entityId} is not shown`);
    const back = type !== "report.withdraw" || (card?.state === "withdrawn" && card.text === "");
    demand(back, () => `report ${entityId} was taken back and is shown as ${card?.state}`);
  }
}

/** Words that were taken back are on no phone any more, neither their author's nor that of a mediator who had them. */
async function forgotten({ raw, vault, revoked }: Account, { promises }: World, effects: AllEffects): Promise<void> {
  const back = ({ entityId, readHash }: Promised) => takenBack(entityId, effects.profiles[readHash] ?? EMPTY);
  const words = promises.kept.filter((one) => one.text !== "" && promises.erased(one) && back(one));
  if (revoked || words.length === 0) return;
  const reports = await Promise.all((await raw.getAll("reports")).map((row) => vault.open(row.sealed)));
  const here = JSON.stringify([await changesOf(vault, await raw.getAll("changes")), reports]);
  const found = words.find(({ type, text }) => type !== "report.audience" && here.includes(text));
  demand(found === undefined, () => `“${found?.text}” was taken back and is still on a phone`);
}

/** A phone that pulled bit by bit shows what one that asks for everything is told now. */
async function converged(
  account: Account,
  ground: Ground,
  { restored, promises }: World,
): Promise<Map<string, unknown>> {
  const kept = await changesOf(account.vault, await account.raw.getAll("changes"));
  const here = new Map(kept.map(({ entity, id, data }) => [`${entity}/${id}`, data]));
  const there = await everything(account, ground);
  const bitByBit = await everything(account, ground, there.size > 100 ? 100 : 7);
  demand(isDeepStrictEqual(bitByBit, there), () => "who asks for a few changes at a time is told something else");
  const follows = (await account.raw.get("facts", "mediator")) !== undefined;
  for (const [name, data] of there) {
    // Logged out here, and the server could not be told yet.
    if (!follows && name.startsWith("case/")) continue;
    demand(here.has(name), () => `the phone never got ${name}: its cursor passed it`);
    demand(
      isDeepStrictEqual(here.get(name), data),
      () => `the phone shows an old ${name}: ${differing(here.get(name), data)}`,
    );
  }
  // A restored server may never have heard of a report that was taken back: it cannot say what became of it.
  const unheard = (name: string) => restored && promises.withdrawn.has(name.replace("report/", ""));
  for (const name of here.keys()) demand(there.has(name) || unheard(name), () => `the phone still shows ${name}`);
  return there;
}

/** A mediator is told of the cases that the group has and may hear of, each of them and no other; whoever follows nothing of none. */
function follows({ login, mediator, expired }: Account, told: string[], held: string[]): void {
  const cases = told.filter((name) => name.startsWith("case/")).map((name) => name.replace("case/", ""));
  const mine = new Set(login === "given" ? held : []);
  const others = cases.find((one) => !mine.has(one));
  demand(others === undefined, () => `case ${others} was told to a profile that is not to have it`);
  const inForce = login === "given" && mediator !== null && !expired;
  const missing = inForce && held.find((one) => !cases.includes(one));
  demand(!missing, () => `case ${missing} is with a mediator's group, and was not told to the mediator`);
}

/** `most`: so many changes in one answer. */
async function everything(account: Account, ground: Ground, most?: number): Promise<Map<string, unknown>> {
  const all = new Map<string, unknown>();
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const response = await fetch(`${ground.origin}/api/v1/sync`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${account.tokens.read}` },
      body: JSON.stringify({ proto: 1, cursor, envelopes: [], most }),
    });
    demand(response.status === 200, () => `asking for everything was answered ${response.status}`);
    const reply = (await response.json()) as Reply;
    for (const { entity, id, data } of reply.changes) {
      if (data === null) all.delete(`${entity}/${id}`);
      else all.set(`${entity}/${id}`, data);
    }
    ({ cursor, more } = reply);
  }
  return all;
}

interface Reply {
  changes: { entity: string; id: string; data: unknown }[];
  cursor: string;
  more: boolean;
}

/** The fields that differ, with both values. */
function differing(one: unknown, other: unknown): string {
  const [here, there] = [one ?? {}, other ?? {}] as Record<string, unknown>[];
  const names = Object.keys({ ...here, ...there }).filter((name) => !isDeepStrictEqual(here?.[name], there?.[name]));
  return names.map((name) => `${name} ${JSON.stringify(here?.[name])} ≠ ${JSON.stringify(there?.[name])}`).join("; ");
}
