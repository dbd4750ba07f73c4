/** Mediators who are logged in come to work in one office more, or leave it, while their phone is offline; and what they hear of since. */
import { type Ground, MEDIATORS } from "./ground";
import type { AllEffects } from "./office";
import type { Phone, World } from "./phone";
import { demand } from "./promises";

/** What a phone's mediator was told from one change of their offices to the next. */
export interface Time {
  /** The office that they had come to. */
  besides: string | null;
  /** The cases that had been theirs to read when it began: their phone has them, or was still to read them. */
  readable: Set<string>;
  /** Of each case of which the phone was told anything: whether it was shown, and not only that it left. */
  cases: Map<string, boolean>;
}

/** To leave an office ends every login. */
export async function move(phone: Phone, number: number, { office }: Ground): Promise<void> {
  const { world, dice, times } = phone;
  const { name = "", comes = [] } = MEDIATORS[number] ?? {};
  const [account] = phone.accounts;
  if (account === undefined || comes.length === 0) return;
  phone.killAll();
  world.moved.add(account.tokens.readHash);
  const before = times.at(-1)?.besides ?? null;
  const to = before === null ? dice.pick(comes) : null;
  const asked = to === null ? { do: "leave", name, office: before } : { do: "join", name, ...to };
  const { readable, count = 0 } = await office.ask<{ readable: string[]; count?: number }>(asked);
  if (to !== null) {
    world.weather.count("office_joined");
  } else if (count > 0) {
    world.ended = true;
    account.expired = true;
    account.login = "over";
    world.weather.count("office_left");
  }
  times.push({ besides: to?.office ?? null, readable: new Set(readable), cases: new Map() });
}

/**
 * Of a case about an office where they work a phone's mediator hears nothing; of one that was theirs to read before they came there, that it
 * left. Whether they had read it is not asked: of what changed while they were still reading, the server does not know on which side of their cursor it stood.
 */
export function unheard(phones: Phone[], { accused }: AllEffects, { restored }: World): void {
  for (const [number, { times }] of phones.entries()) {
    const { name, office = "", besides: always = "" } = MEDIATORS[number] ?? {};
    const before = new Set<string>();
    for (const { besides, readable, cases } of times) {
      for (const id of readable) before.add(id);
      // A restore may have taken from them where they had come to, or given back what they had left.
      const since = restored || besides === null ? [] : (accused[besides] ?? []);
      const about = new Set([office, always].flatMap((code) => accused[code] ?? []));
      for (const [id, wasShown] of cases) {
        const right = !about.has(id) && (!since.includes(id) || (before.has(id) && !wasShown));
        const where = besides === null ? "" : `, ${before.has(id) ? "as before" : "anew"}, once also in ${besides}`;
        demand(
          right,
          () =>
            `case ${id} is about an office of ${name}, who was ${wasShown ? "shown it" : "told that it left"}${where}`,
        );
      }
    }
  }
}

/** The cases that a phone's mediator is to be told of: those of all their groups but what is about an office of theirs. */
export function mediated(number: number, { works, held, accused }: AllEffects): string[] {
  const offices = Object.entries(works[MEDIATORS[number]?.name ?? ""] ?? {});
  const about = new Set(offices.flatMap(([code]) => accused[code] ?? []));
  const groups = offices.filter(([, role]) => role === "mediator");
  return groups.flatMap(([code]) => held[code] ?? []).filter((id) => !about.has(id));
}
