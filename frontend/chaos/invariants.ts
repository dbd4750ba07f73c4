/** What must hold once the sky is clear and everybody has synced; the server's side is read from PostgreSQL. */
import { isDeepStrictEqual } from "node:util";
import { shown } from "../src/store/reading";
import type { Ground } from "./ground";
import type { AllEffects, Effects } from "./office";
import { type Account, operationsOf, type Phone, type World } from "./phone";
import { demand, type Promised } from "./promises";

const EMPTY: Effects = { operations: {}, quarantined: [], reports: {}, follow_ups: {} };

export async function judge(phones: Phone[], ground: Ground, world: World): Promise<void> {
  const profiles = [...new Set(world.promises.kept.map(({ readHash }) => readHash))];
  const effects = await ground.office.ask<AllEffects>({ do: "effects", profiles });
  demand(effects.faults.length === 0, () => effects.faults.join("; "));
  demand(world.weather.faultsOfOurs === 0, () => `the server said 500 by itself ${world.weather.faultsOfOurs} times`);
  const accounts = phones.flatMap((phone) => phone.accounts);
  const revoked = new Set(accounts.filter((one) => one.revoked).map(({ tokens }) => tokens.readHash));
  for (const promised of world.promises.kept) {
    const told = effects.profiles[promised.readHash] ?? EMPTY;
    if (revoked.has(promised.readHash)) continue;
    tookEffectOnce(promised, told, world.promises.excused.has(promised.opId));
  }
  for (const [readHash, told] of Object.entries(effects.profiles)) nothingElse(readHash, told, world);
  for (const account of accounts) await onThePhone(account, world);
  for (const account of accounts) if (!account.revoked) await converged(account, ground);
}

/** Lost nothing, doubled nothing, changed nothing. */
function tookEffectOnce(promised: Promised, told: Effects, excused: boolean): void {
  const { opId, type, entityId, refusal, text } = promised;
  const row = told.operations[opId];
  const name = `${type} ${opId}`;
  if (excused && row === undefined) return;
  const aside = told.quarantined.includes(opId) ? " (it is kept aside)" : "";
  demand(row !== undefined, () => `${name} was saved and never took effect${aside}`);
  if (refusal !== null) {
    demand(
      row.status === "rejected" && row.code === refusal,
      () => `${name} is ${row.status}/${row.code}, not ${refusal}`,
    );
    demand(told.quarantined.includes(opId), () => `${name} was refused and is not kept for a person to see`);
    return;
  }
  // Its report was lost by an eviction, or by the phone of another profile: then it goes on waiting.
  if (excused || (type !== "report.create" && row.status === "waiting" && told.reports[entityId] === undefined)) return;
  demand(row.status === "applied", () => `${name} is ${row.status}/${row.code}`);
  const effect = type === "report.create" ? told.reports[entityId] : told.follow_ups[entityId];
  if (type === "report.create" || type === "followup.create") {
    demand(effect !== undefined, () => `${name} is said to be applied and its effect is nowhere`);
    demand(effect.text === text, () => `${name} took effect with other words`);
    demand(effect.events === 1, () => `${name} left ${effect.events} events`);
  }
}

/** Nothing took effect that nobody said, and no verdict counts twice. */
function nothingElse(readHash: string, told: Effects, world: World): void {
  const said = world.promises.kept.filter((one) => one.readHash === readHash);
  const ids = new Set(said.map(({ entityId }) => entityId));
  for (const id of [...Object.keys(told.reports), ...Object.keys(told.follow_ups)]) {
    demand(ids.has(id), () => `${id} is on the server and was never said to be saved`);
  }
  for (const [id, { verdicts }] of Object.entries(told.reports)) {
    const words = said.filter((one) => one.entityId === id && one.type !== "report.create");
    const applied = words.filter((one) => told.operations[one.opId]?.status === "applied").length;
    demand(verdicts === applied, () => `${applied} words on report ${id} left ${verdicts} events`);
  }
}

/** Everything said to be saved is shown, and as arrived once it has. */
async function onThePhone(account: Account, world: World): Promise<void> {
  const { cards } = await shown(account.raw);
  const byId = new Map(cards.map((card) => [card.id, card]));
  const operations = new Map((await operationsOf(account)).map((one) => [one.opId, one]));
  for (const { readHash, opId, type, entityId, refusal } of world.promises.kept) {
    if (readHash !== account.tokens.readHash) continue;
    const own = operations.get(opId);
    demand(own !== undefined, () => `${type} ${opId} is not on its phone any more`);
    if (account.revoked) continue;
    const state = refusal === null ? "done" : "attention";
    // A locked profile is told no more than a carrier is: accepted.
    const told = own.state === state || (own.state === "done" && world.weather.counts.has("locked_profile"));
    demand(told, () => `${type} ${opId} is ${own.state}/${own.code} on the phone, not ${state}`);
    const card = byId.get(entityId);
    demand(type !== "report.create" || card !== undefined, () => `report ${entityId} is not shown`);
  }
}

/** A phone that pulled bit by bit shows what one that asks for everything is told now. */
async function converged(account: Account, ground: Ground): Promise<void> {
  const here = new Map((await account.raw.getAll("changes")).map(({ entity, id, data }) => [`${entity}/${id}`, data]));
  const there = await everything(account, ground);
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
  for (const name of here.keys()) demand(there.has(name), () => `the phone still shows ${name}`);
}

async function everything(account: Account, ground: Ground): Promise<Map<string, unknown>> {
  const all = new Map<string, unknown>();
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const response = await fetch(`${ground.origin}/api/v1/sync`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${account.tokens.read}` },
      body: JSON.stringify({ proto: 1, cursor, envelopes: [] }),
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
