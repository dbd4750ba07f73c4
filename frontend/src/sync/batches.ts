/** How much is sent at once: less on a bad link, more again when it goes well. */
import type { Outgoing } from "../model";

export interface Limit {
  operations: number;
  bytes: number;
}

export const WHOLE: Limit = { operations: 20, bytes: 16_384 };

/** The server keeps it until what it needs is there. */
export const WAITING = "waiting";

/** What failed least first; and who may read before what there is to read. */
export function byTurn(one: Outgoing, other: Outgoing): number {
  return one.attempts - other.attempts || Number(choosing(other)) - Number(choosing(one));
}

/** A choice of readers that failed holds up what there is to read for as long: nobody else may see the report without it. */
export function behindChoices(unsent: Outgoing[]): Outgoing[] {
  const choices = unsent.filter(choosing);
  return unsent.map((one) => {
    const before = choices.filter(({ entityId }) => entityId === one.entityId);
    return {
      ...one,
      attempts: Math.max(one.attempts, ...before.map(({ attempts }) => attempts)),
      notBefore: Math.max(one.notBefore, ...before.map(({ notBefore }) => notBefore)),
    };
  });
}

/** A choice that the server does not have yet. */
export function choosing({ type, code }: Outgoing): boolean {
  return type === "report.audience" && code !== WAITING;
}

/** The first operations that fit; always one, however large. */
export function batch(due: Outgoing[], limit: Limit): Outgoing[] {
  const taken: Outgoing[] = [];
  let bytes = 0;
  for (const operation of due) {
    bytes += Math.ceil((operation.envelope.length * 4) / 3) + 3;
    if (taken.length > 0 && (taken.length >= limit.operations || bytes > limit.bytes)) break;
    taken.push(operation);
  }
  return taken;
}

/** Half of what was too much. */
export function halved(sent: number, limit: Limit): Limit {
  return { operations: Math.max(1, Math.floor(sent / 2)), bytes: Math.max(1024, Math.floor(limit.bytes / 2)) };
}

export function doubled({ operations, bytes }: Limit): Limit {
  return { operations: Math.min(WHOLE.operations, operations * 2), bytes: Math.min(WHOLE.bytes, bytes * 2) };
}
