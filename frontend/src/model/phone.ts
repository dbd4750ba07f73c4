/** What the phone keeps for itself, and what its screens are shown. */

import type { Sealed } from "./vault";
import type {
  Answer,
  Audience,
  CaseData,
  Dispute,
  Happened,
  Identity,
  Medium,
  Named,
  Names,
  Position,
  ReportState,
  Told,
  Track,
  WireFollowUp,
} from "./wire";

/** A report being written. */
export interface Draft {
  id: string;
  editedAt: number;
  category: string | null;
  village: string | null;
  /** As they were when it was chosen: the phone may have another rayon's list by the time it is saved. Not sent. */
  villageNames?: Names | undefined;
  text: string;
  happened: Happened;
  /** The day on which "now" or "today" was said, YYYY-MM-DD. Not sent. */
  saidOn: string;
  answers: Record<string, string | number>;
  track: Track;
  audience: Audience;
  about_office: string | null;
  /** As they were when it was chosen. Not sent. */
  officeNames?: Names | undefined;
  /** Whether it is about an office: one to be named, or one that is not in the list, and then only mediators read it. Null: not said. */
  accuses: "named" | "unlisted" | false | null;
  danger: boolean;
  /** Sent with an appeal; without the address, and sealed for mediators, with a signal that is to have it. */
  identity: Identity;
  protect: boolean;
  /** The mediators' two points that the name is sealed to: those that its person was last told of. Not sent. */
  points?: string | undefined;
  /** Only when the person asked for it. */
  position: Position | null;
}

export type PhoneState = "saved" | "by_sms" | "sending" | "needs_attention" | "withdrawing" | ReportState;
export type Verdict = "solved" | "disputed";

/** One report of this profile, as its screen shows it. */
export interface Card {
  id: string;
  /** Grouped: XXXX-XXX-XXXC. */
  receipt: string;
  category: string;
  /** The server's, once it has said; a report need not have named one. */
  village: string | null;
  villageNames: Names | undefined;
  text: string;
  audience: Audience;
  track: Track;
  danger: boolean;
  unlisted: boolean;
  savedAt: number;
  state: PhoneState;
  /** Why it needs attention: a code of docs/sync.md, or "conflict". */
  code: string | null;
  /** Types of what was said and is not known to be there. */
  unsent: string[];
  /** Why it may be taken off this phone: it never left it, or was not taken in. */
  deletable: "never" | "refused" | null;
  number: number | null;
  office: Named | null;
  /** Why it is with that office, by language. */
  reason: Names | null;
  copies: Named[];
  readBy: Named[];
  dueMs: number | null;
  answers: Answer[];
  /** Questions and replies, those that are still to be sent too. */
  talk: Talk[];
  /** Why the reporter said that it is not solved. */
  disputes: Dispute[];
  media: Medium[];
  /** What the reporter said of the present answer, sent or not. */
  verdict: Verdict | null;
  /** An address for notices was given. */
  notify: boolean;
  /** When mediators looked at who made it; null where nothing is sealed. */
  openedMs: number[] | null;
}

export interface Talk extends Told {
  /** Said here, and not known to be there yet. */
  waiting?: boolean;
}

export interface FollowUp extends WireFollowUp {
  /** Written here and not on the case yet. */
  waiting?: boolean;
  /** Why it needs attention. */
  code?: string | null;
}

export interface Case extends Omit<CaseData, "followups"> {
  id: string;
  followups: FollowUp[];
}

export interface Connection {
  state: "idle" | "sending" | "offline" | "paused" | "outdated";
  lastSyncMs: number | null;
  /** Something is still to be sent. */
  waiting: boolean;
}

/** A person's space on this phone; phones are shared. */
export interface Profile {
  id: string;
  createdAt: number;
}

/** What a person remembers to open their profile. */
export type LockKind = "pin" | "pictures";

export type OperationState = "pending" | "attempting" | "done" | "attention";

/**
 * An operation in the outbox; its envelope is made once and sent again unchanged. `opened`, under the profile's own key, stays beside one
 * of ours, since nobody here can open an envelope: should the server lose its key, also by being restored, the same content is sealed again.
 */
export interface Outgoing {
  opId: string;
  seq: number;
  type: string;
  entityId: string;
  envelope: Uint8Array<ArrayBuffer>;
  opened: Sealed | null;
  digest: string;
  savedAt: number;
  state: OperationState;
  attempts: number;
  /** False: no road was taken with it, so nobody has it. */
  left: boolean;
  /** Not sent again before this. */
  notBefore: number;
  code: string | null;
}

/** The reporter's own readable copy. */
export interface OwnReport {
  id: string;
  receipt: string;
  category: string;
  village: string | null;
  /** As the phone had them when it was saved: it may have another rayon's list later. */
  villageNames?: Names | undefined;
  text: string;
  audience: Audience;
  track: Track;
  danger: boolean;
  savedAt: number;
  /** It was handed to the phone's messages; whether it went, nobody can tell. */
  bySms?: boolean;
  verdict: { said: Verdict; answers: number } | null;
  /** It is about an office that cannot be named: no other may be let read it either. */
  unlisted?: boolean;
  /** An address for notices was given, and not taken back; the address itself is not kept here. */
  notify?: boolean;
  /** The draft's, as it was saved: another window that shows the same draft shows it as it was then, or otherwise. */
  editedAt?: number;
  /** Taken back: the words are gone from here too. */
  withdrawn: boolean;
}

export interface OwnFollowUp extends WireFollowUp {
  case: string;
  /** `by` of the login with which it was written: it is shown to nobody else. Missing where that told none. */
  whose?: string | undefined;
}

/** What the phone knows of a photo or recording on its way. Its sealed bytes lie apart, so that a list reads few of them. */
export interface KeptMedium {
  id: string;
  entityId: string;
  opId: string;
  role: Medium["role"];
  mime: string;
  /** Opens the bytes, so that the phone can show its own photo; itself under the profile's key. */
  key: Sealed;
  sha256: string;
  size: number;
  state: "pending" | "received" | "refused";
  /** When the server had it, by its own clock, while the bytes are still here. */
  receivedAt: number | null;
  announced: boolean;
  attempts: number;
  notBefore: number;
}

/** With its sealed bytes; null once the server has had them and its operation for a day. */
export interface OwnMedium extends KeptMedium {
  bytes: ArrayBuffer | null;
}
