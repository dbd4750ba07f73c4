/** What must hold of who somebody is: it is there as it was said, opens for two mediators together, and is in nobody else's hands. */
import { isDeepStrictEqual } from "node:util";
import type { Identity, ReportBody, Said } from "../src/model";
import { changesOf } from "../src/store/reading";
import { type Ground, MEDIATORS } from "./ground";
import type { AllEffects, Effects, ReportEffects } from "./office";
import type { Account, Phone, World } from "./phone";
import { demand, type Promised } from "./promises";
import { openingAt } from "./together";

type Body<Type extends Said["type"]> = Extract<Said, { type: Type }>["body"];

function bodies<Type extends Said["type"]>(said: Promised[], type: Type): Body<Type>[] {
  return said.filter((one) => one.type === type).map(({ body }) => body as Body<Type>);
}

function applied(said: Promised[], told: Effects | undefined): Promised[] {
  return said.filter(({ opId }) => told?.operations[opId]?.status === "applied");
}

/** Of a report that stands: what was said of who makes it, and what was agreed to; the first word stays. */
export function whose(id: string, report: ReportEffects, all: Promised[], told: Effects): void {
  const said = applied(
    all.filter(({ entityId }) => entityId === id),
    told,
  );
  const [created] = bodies(said, "report.create");
  if (created === undefined) return;
  appealed(id, report, created, bodies(said, "report.appeal"));
  const later = bodies(said, "report.consent").map(({ consent }) => consent);
  const possible = created.consent === null ? later : [created.consent];
  const given = possible.length === 0 ? report.consent === null : possible.includes(report.consent ?? 0);
  demand(given, () => `report ${id} says that ${report.consent} was agreed to, not ${possible}`);
  once(id, report, "report.consented", created.consent === null && later.length > 0);
  demand(isDeepStrictEqual(report.protected, created.protected ?? null), () => `who made signal ${id} was changed`);
}

function appealed(id: string, report: ReportEffects, created: ReportBody, later: { identity: Identity }[]): void {
  const turned = created.track === "signal" && later.length > 0;
  const track = turned ? "appeal" : created.track;
  demand(report.track === track, () => `report ${id} is of track ${report.track}, not ${track}`);
  const names = turned ? later.map(({ identity }) => identity.name) : [created.identity?.name ?? null];
  demand(names.includes(report.identity), () => `report ${id} is ${report.identity}'s, not ${names}'s`);
  once(id, report, "report.appealed", turned);
}

function once(id: string, { events }: ReportEffects, kind: string, wanted: boolean): void {
  const times = events[kind] ?? 0;
  demand(times === Number(wanted), () => `report ${id} has ${times} times ${kind} in its history`);
}

/** Keys and requests are there once each, and one decision stands, which was said. */
export function together(effects: AllEffects, { promises }: World): void {
  const said = promises.kept.filter((one) => applied([one], effects.profiles[one.readHash]).length > 0);
  keysInForce(effects, bodies(said, "group.key"));
  for (const { entityId, body } of said.filter(({ type }) => type === "identity.request")) {
    const { report, reason, by } = body as Body<"identity.request">;
    const there = effects.openings[entityId];
    if (promises.withdrawn.has(report)) continue;
    demand(there?.reason === reason, () => `request ${entityId} took effect as “${there?.reason}”`);
    demand(there.asker === by, () => `request ${entityId} was said by ${by} and took effect as ${there.asker}'s`);
    demand(there.asked === 1, () => `request ${entityId} is told ${there.asked} times`);
  }
  for (const [id, { passed, decided, decider }] of Object.entries(effects.openings)) {
    demand(
      promises.kept.some(({ entityId, type }) => entityId === id && type === "identity.request"),
      () => `request ${id} is on the server and was never said to be saved`,
    );
    const answers = said.filter((one) => one.entityId === id && one.type !== "identity.request");
    demand(
      decided === Math.min(answers.length, 1),
      () => `${answers.length} answers to ${id} decided ${decided} times`,
    );
    const signs = answers.map(({ body }) => ("by" in body ? body.by : null));
    demand(
      decided === 0 || signs.includes(decider ?? ""),
      () => `request ${id} was decided by ${decider}, not ${signs}`,
    );
    const halves = answers.map(({ body }) => ("passed" in body ? body.passed : null));
    demand(decided === 0 || halves.includes(passed), () => `what was passed on with ${id} is nobody's`);
  }
}

function keysInForce({ keys }: AllEffects, said: Body<"group.key">[]): void {
  const there = keys.map((one) => one.public).sort();
  const wanted = said.map((one) => one.public).sort();
  demand(
    isDeepStrictEqual(there, wanted),
    () => `${wanted.length} keys of groups were made, and ${there.length} are there`,
  );
  for (const { public: point, by, where, made } of keys) {
    const maker = said.find((one) => one.public === point)?.by;
    demand(by === maker, () => `a key that ${maker} made is ${by}'s`);
    const present = keys.filter((one) => one.now && one.where === where);
    const right = present.length === 1 && present.every((one) => one.made >= made);
    demand(right, () => `a key that was made before another is in its place, ${where}`);
  }
}

/** Neither in any table nor told to any phone; and only who asked is given halves. */
export async function nobodyElse(phones: Phone[], effects: AllEffects, ground: Ground, world: World): Promise<void> {
  const { kept, sealedNames } = world.promises;
  const appeals = [...bodies(kept, "report.create"), ...bodies(kept, "report.appeal")];
  const words = appeals.flatMap(({ identity }) => Object.values(identity ?? {})).concat([...sealedNames.values()]);
  words.push(...bodies(kept, "report.notify").flatMap(({ notify }) => notify ?? []));
  const { found } = await ground.office.ask<{ found: string[] }>({ do: "in_clear", words });
  demand(found.length === 0, () => `“${found[0]}” can be read on the server`);
  for (const [number, phone] of phones.entries()) {
    for (const account of phone.accounts) {
      const told = JSON.stringify(await changesOf(account.vault, await account.raw.getAll("changes")));
      const seen = words.find((word) => told.includes(word));
      demand(seen === undefined, () => `“${seen}” was told to a phone`);
      await isGivenNothing(
        account,
        account === phone.accounts[0] ? [MEDIATORS[number]?.name, MEDIATORS[number]?.beside] : [],
        effects,
        ground,
      );
    }
  }
}

const MOST_TRIES = 3;

async function isGivenNothing(account: Account, names: unknown[], effects: AllEffects, ground: Ground) {
  if (account.revoked) return;
  const others = Object.entries(effects.openings).filter(([, { by }]) => !names.includes(by));
  for (const [id] of others.slice(0, MOST_TRIES)) {
    const status = (await openingAt(ground.origin, account, id))?.status;
    demand(status === 403, () => `a profile that did not ask to open ${id} was answered ${status}`);
  }
}
