/** The shapes of docs/sync.md, typed once. Times are milliseconds since 1970 UTC. */

export type Names = Record<string, string>;

export interface Named {
  code: string;
  names: Names;
}

export type Audience = "mediator" | "office" | "border";
export type Track = "signal" | "appeal";
export type Language = "ky" | "ru" | "tg" | "uz" | "en";

export interface Happened {
  when: "now" | "today" | "date";
  /** YYYY-MM-DD when `when` is "date". */
  date: string | null;
}

export interface Position {
  lat: number;
  lon: number;
  accuracy_m: number;
}

/** Who makes a formal appeal. */
export interface Identity {
  name: string;
  address: string;
  contact: string;
}

/** One of the two halves of who makes a signal, and the key that it is sealed to. */
export interface SealedHalf {
  /** 8 bytes of the point's SHA-256 in hex. */
  key: string;
  /** base64url. */
  sealed: string;
}

export interface ReportBody {
  category: string;
  /** Its code, or that of the rayon where the phone has none of its villages; null: the one nearest to the position. */
  village: string | null;
  text: string;
  happened: Happened;
  audience: Audience;
  track: Track;
  about_office: string | null;
  /** It is about an office that is not in the phone's list, so mediators alone read it; left out where not. */
  about_unlisted?: boolean;
  danger: boolean;
  language: Language;
  /** 11 characters, without groups. */
  receipt: string;
  answers: Record<string, string | number>;
  position: Position | null;
  /** Only with an appeal. */
  identity: Identity | null;
  /** Only with a signal, and only when the reporter wants it. */
  protected?: { first: SealedHalf; second: SealedHalf };
  /** Version of the notice that was agreed to; null: not asked yet. */
  consent: number | null;
}

export interface FollowUpBody {
  case: string;
  kind: "visit" | "call" | "meeting";
  happened_on: string;
  text: string;
  language: Language;
}

/** Whose words these are: `by` of the login with which they were said, where that told. */
interface Signed {
  by?: string | undefined;
}

/** What the server can be told, schema 1. */
export type Said =
  | { type: "report.create"; body: ReportBody }
  | { type: "report.confirm"; body: Record<string, never> }
  | { type: "report.dispute"; body: { reason: string } }
  | { type: "report.reply"; body: { text: string; language: Language } }
  | { type: "report.audience"; body: { audience: Audience } }
  | { type: "report.appeal"; body: { identity: Identity } }
  | { type: "report.notify"; body: { notify: string | null } }
  | { type: "report.consent"; body: { consent: number } }
  | { type: "report.withdraw"; body: { sms_link?: string } }
  | OfMediator;

/** What a mediator alone can say. */
export type OfMediator =
  | { type: "followup.create"; body: FollowUpBody & Signed }
  | { type: "group.key"; body: { office: string; place: number; public: string } & Signed }
  | { type: "identity.request"; body: { report: string; reason: string } & Signed }
  | { type: "identity.consent"; body: { report: string; passed: string } & Signed }
  | { type: "identity.refuse"; body: { report: string } & Signed };

export interface WireMedium {
  id: string;
  /** base64url of the 32 bytes that it is sealed with. */
  key: string;
  sha256: string;
  bytes: number;
  mime: string;
  role: "photo" | "voice" | "preview";
}

export type Operation = Said & {
  op_id: string;
  seq: number;
  schema: 1;
  entity_id: string;
  parent_op: string | null;
  base_version: string | null;
  wall_ms: number;
  last_server_ms: number | null;
  media: WireMedium[];
};

export const STATUSES = ["applied", "duplicate", "waiting", "conflict", "rejected", "accepted", "try_again"] as const;
export type Status = (typeof STATUSES)[number];

export interface Result {
  /** SHA-256 of the envelope, lower-case hex. */
  digest: string;
  status: Status;
  code: string | null;
  detail: string | null;
}

export interface Change {
  entity: string;
  id: string;
  version: number;
  /** null: no longer this viewer's. */
  data: unknown;
}

export interface Reply {
  server_time_ms: number;
  epoch: string | null;
  cursor: string | null;
  more: boolean;
  results: Result[];
  changes: Change[];
}

export type ReportState = "arrived" | "with_office" | "answered" | "solved" | "disputed" | "unconfirmed" | "withdrawn";

export interface Answer {
  id: string;
  text: string;
  language: string;
  at_ms: number;
  office: Named;
  /** Recordings. */
  media: Medium[];
}

/** Why the reporter says that it is not solved. */
export type Dispute = Pick<Told, "id" | "text" | "at_ms" | "media">;

/** A question of an office, or what the reporter replied. */
export interface Told {
  id: string;
  text: string;
  language: string;
  at_ms: number;
  /** null: the reporter. */
  office: Named | null;
  media: Medium[];
}

export interface Medium {
  id: string;
  role: WireMedium["role"];
  /** `erased`: its report was taken back. */
  state: "expected" | "received" | "ready" | "unusable" | "erased";
}

/** A report as its own profile sees it. */
export interface ReportData {
  state: ReportState;
  receipt: string;
  /** The case's, which the report itself may not have named. Null where it has no position, and so named it. */
  village: Named | null;
  audience: Audience;
  /** Offices that have had it before their eyes. */
  read_by: Named[];
  number: number;
  office: Named | null;
  reason: Names | null;
  copies: Named[];
  due_ms: number | null;
  answers: Answer[];
  talk: Told[];
  media: Medium[];
  /** Whether the server keeps an address for notices about it. */
  notify: boolean;
  /** When mediators looked at who made it; missing where nothing is sealed. */
  opened_ms?: number[];
}

/** A mediator's request to open who made a report. */
export interface Opening {
  id: string;
  by: string;
  reason: string;
  asked_ms: number;
  /** The viewer's own. */
  mine: boolean;
  consented: boolean | null;
  until_ms: number;
  opened_ms: number | null;
  /** The viewer's half, and the point of who asks: to whoever is to consent. */
  half?: string;
  to?: string;
}

export interface SealedIdentity {
  report: string;
  /** Whose keys it is sealed to. */
  office: Named | null;
  /** The viewer's own of the two keys. */
  holds: string | null;
  openings: Opening[];
}

export interface CaseReport {
  id: string;
  text: string;
  /** To the questions of the case's category. */
  answers: Record<string, string | number | boolean | null>;
  /** The reporter took it back: it says nothing any more. */
  withdrawn: boolean;
  language: string;
  happened: Happened;
  filed_ms: number;
  received_ms: number;
  /** It came by SMS, and the whole of it has not come yet. */
  partial: boolean;
  media: Medium[];
}

export interface WireFollowUp {
  id: string;
  kind: FollowUpBody["kind"];
  happened_on: string;
  text: string;
  language: string;
  by: string;
  at_ms: number;
}

/** A case as a mediators' group sees it. */
export interface CaseData {
  number: number;
  status: string;
  category: string;
  village: Named;
  audience: Audience;
  track: Track;
  danger: boolean;
  /** Something that was answered cannot wait. */
  urgent: boolean;
  /** Offices that its reports are about, which must not hear of it. */
  about: Named[];
  /** It is about an office that nobody has named. */
  about_unlisted: boolean;
  office: Named | null;
  copies: Named[];
  reason: Names | null;
  opened_ms: number;
  due_ms: number | null;
  reports: CaseReport[];
  answers: Answer[];
  talk: Told[];
  followups: WireFollowUp[];
  history: { kind: string; at_ms: number }[];
  /** Where who made a report is sealed for mediators. */
  identities: SealedIdentity[];
  /** Why the reporter says that it is not solved. */
  disputes: Dispute[];
}

export interface Question extends Named {
  kind: "yes_no" | "choice" | "number";
  /** With a picture of the phone's own where there is one. */
  choices: (Named & { icon?: string })[];
}

export interface Category extends Named {
  icon: string;
  /** The group that it is in. */
  parent?: string;
  questions: Question[];
}

export interface Village extends Named {
  aimak: string | null;
  /** Degrees of latitude and longitude, where they are known. */
  at?: [number, number];
}

/** What a phone must know to report offline. */
export interface Reference {
  version: string;
  /** In which names are here. Villages have theirs in every language. */
  languages: string[];
  rayon: string | null;
  rayons: Named[];
  aimaks: (Named & { office: string | null })[];
  villages: Village[];
  offices: Named[];
  categories: Category[];
  sync_key: SyncKey;
  /** Where phones without data send SMS to; null where this server takes none. */
  sms_number: string | null;
  /** The two points that who makes a signal is sealed to, and whose they are; null where no group has both. */
  group_keys: { office: string; public: string[] } | null;
  /** For which roads the server takes addresses for notices: `sms`, `email`. It sends none yet. */
  notices: string[];
}

/** The server's key that operations are sealed to: its id in hex, the uncompressed P-256 point in base64url. */
export interface SyncKey {
  id: string;
  public: string;
}

export interface Grant {
  name: string;
  /** The same with each login of this person, and it says nothing else. An older server tells none. */
  by?: string;
  offices: Named[];
  until_ms: number;
  epoch: string;
}
