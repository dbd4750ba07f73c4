/** Everything that the phones of a world have ever said is saved, and when a promise may end. */
import type { Said } from "../src/model";

export interface Promised {
  readHash: string;
  opId: string;
  seq: number;
  type: string;
  entityId: string;
  body: Said["body"];
  /** The words; of `report.audience` who was chosen, of `report.notify` the address. */
  text: string;
  envelope: Uint8Array;
  /** The code with which the server is to keep it aside; null: it is to take effect. */
  refusal: string | null;
  media: { id: string; sha256: string }[];
}

/** What waits for a login, for a report of somebody else's or for another mediator's word on it. */
export const OF_MEDIATORS: ReadonlySet<string> = new Set([
  "followup.create",
  "group.key",
  "identity.request",
  "identity.consent",
  "identity.refuse",
]);

/** Saved or not? The tab died over it: what the database holds decides. */
export type Doubtful = Omit<Promised, "opId" | "seq" | "envelope">;

export class Promises {
  readonly kept: Promised[] = [];
  /** Lost by an eviction before the server had them: told to the person, and nobody's promise any more. */
  readonly excused = new Set<string>();
  /** Media that an eviction took before the server had them. */
  readonly lostMedia = new Set<string>();
  /** Reports that were taken back: what was said of them leaves the phone, sent or not. */
  readonly withdrawn = new Set<string>();
  /** What a person threw away: nobody else had it, or the server had refused it. */
  readonly discarded = new Map<string, "never" | "refused">();
  /** What reporters sealed for two mediators, by report. */
  readonly sealedNames = new Map<string, string>();
  /** Links of SMS that a gateway was told had come, all parts of them. */
  links = new Set<string>();
  /** Even between two restores of the server, odd while it is put back, or while what came in part is given up by the clock. */
  era = 0;
  private backedUp = new Set<string>();
  private readonly known = new Set<string>();

  /** The server is about to be copied: what it said before then is in the copy. */
  backUp(): void {
    this.backedUp = new Set(this.links);
  }

  add(promised: Promised): void {
    this.known.add(promised.opId);
    this.kept.push(promised);
    if (promised.type === "report.withdraw") this.withdrawn.add(promised.entityId);
  }

  /** Whether its words may be gone from its phone: the reporter took them back, or threw them away. */
  erased({ opId, type, entityId }: Pick<Promised, "opId" | "type" | "entityId">): boolean {
    return this.discarded.has(opId) || (type !== "report.withdraw" && this.withdrawn.has(entityId));
  }

  /** Photos of a report that was taken back left the phone then; the withdrawal itself may be lost by an eviction now. */
  loseTakenBack(readHash: string): void {
    for (const promised of this.kept) {
      if (promised.readHash !== readHash || !this.withdrawn.has(promised.entityId)) continue;
      for (const { id } of promised.media) this.lostMedia.add(id);
    }
  }

  /** The server lost what it had answered for; of phones that were evicted before, nobody sends it again. */
  loseAllBut(readHashes: Set<string>): void {
    this.era++;
    this.links = this.backedUp;
    for (const { opId, readHash, media } of this.kept) {
      if (readHashes.has(readHash)) continue;
      this.excused.add(opId);
      for (const { id } of media) this.lostMedia.add(id);
    }
  }

  knows(opId: string): boolean {
    return this.known.has(opId);
  }
}

/** An invariant that does not hold. */
export class Broken extends Error {}

export function demand(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Broken(what());
}
