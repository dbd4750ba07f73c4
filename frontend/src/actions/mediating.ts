/** What a mediator does: log in, follow cases, write follow-ups. It travels with the room, whose screens alone import it. */
import { language } from "../i18n";
import type { FollowUpBody, Grant } from "../model";
import { uuid7 } from "../model/uuid7";
import { signal } from "../signals";
import { fact } from "../store/facts";
import { followUpOf, forgetCases, keepGrant } from "../store/granting";
import { draftsKept, forgetDraft } from "./drafting";
import { giveBack } from "./giving-back";
import { holdRoom } from "./holding";
import { askOf, knownKeys, mine, NotAllowed } from "./opening";
import { write } from "./reporting";
import { refreshEverywhere, session } from "./session";
import { cases, mediator, noRoom } from "./signals";

export type LoginOutcome = "ok" | "code_needed" | "wrong" | "wrong_code" | "later" | "no_group" | "offline" | "full";

const AUTH = "/_allauth/app/v1/auth";

interface Told {
  status: number;
  body: { meta?: { session_token?: string }; data?: { flows?: { id: string; is_pending?: boolean }[] } };
}

/** A login that waits for its code. */
let halfway: string | null = null;

/** Never throws. With a code it goes on with the login that asked for one. */
export async function logIn(username: string, password: string, code?: string): Promise<LoginOutcome> {
  try {
    // A log-out that came after this login would end it too.
    await giveBack();
    if (await fact(session().db, "givingBack")) return "offline";
    const token = await authenticate(username, password, code);
    return token.length > 20 || !isOutcome(token) ? await takeGrant(token) : token;
  } catch {
    return "offline";
  }
}

function isOutcome(text: string): text is LoginOutcome {
  return ["code_needed", "wrong", "wrong_code", "later", "offline"].includes(text);
}

/** The session token, or what is in its way. */
async function authenticate(username: string, password: string, code?: string): Promise<string> {
  const token = code !== undefined && halfway !== null ? await withCode(halfway, code) : null;
  if (token !== null) return token;
  halfway = null;
  const told = await post(`${AUTH}/login`, { username, password });
  const begun = told.body.meta?.session_token;
  if (told.status === 200 && begun) return begun;
  if (told.status === 401 && begun && told.body.data?.flows?.some(({ id }) => id === "mfa_authenticate")) {
    halfway = begun;
    return (code !== undefined && (await withCode(begun, code))) || "code_needed";
  }
  if (told.status === 429 || told.status === 403) return "later";
  return told.status >= 500 ? "offline" : "wrong";
}

/** Null where that login was begun too long ago to go on with. */
async function withCode(begun: string, code: string): Promise<string | null> {
  const told = await post(`${AUTH}/2fa/authenticate`, { code }, { "X-Session-Token": begun });
  if (told.status === 200) return told.body.meta?.session_token ?? begun;
  if (told.status === 429) return "later";
  if (told.status === 400) return "wrong_code";
  return told.status >= 500 ? "offline" : null;
}

async function takeGrant(token: string): Promise<LoginOutcome> {
  const { db, vault, tokens, wake } = session();
  const bearer = { Authorization: `Bearer ${tokens.read}`, "X-Session-Token": token };
  const response = await fetch("/api/v1/grant", { method: "POST", headers: bearer, credentials: "omit" });
  halfway = null;
  if (response.status === 403) return "no_group";
  if (!response.ok) return response.status === 429 ? "later" : "offline";
  const grant = (await response.json()) as Grant;
  if (typeof grant.until_ms !== "number") return "offline";
  try {
    await keepGrant(db, vault, grant);
  } catch {
    noRoom();
    return "full";
  }
  mediator.value = grant;
  over.value = false;
  holdRoom();
  void wake();
  return "ok";
}

/** The login's time was over: its cases have left the phone, and are not shown where they could not. */
export const over = signal(false);

/** Ends a login that was ended elsewhere, or whose time is over: by the server's clock when it was last heard, and by what the phone's own has gone on since. */
export async function endInTime(): Promise<void> {
  const { db } = session();
  const facts = [fact(db, "lastServerMs"), fact(db, "lastSyncMs"), fact(db, "givingBack")] as const;
  const [serverMs, heardMs = 0, givingBack] = await Promise.all(facts);
  if (!mediator.value) return;
  // A log-out that something cut short is ended.
  if (givingBack) return leave();
  if (serverMs === undefined) return;
  if (mediator.value.until_ms <= serverMs + Math.max(0, Date.now() - heardMs)) return end();
  // A login that was ended elsewhere takes back every case, and says no more.
  if (cases.value.length === 0) void endIfRefused();
}

async function endIfRefused(): Promise<void> {
  const asked = mediator.value;
  // Without a network it is asked again when the room is opened again.
  const refused = await knownKeys().catch((trouble) => trouble instanceof NotAllowed);
  if (refused === true && mediator.value?.until_ms === asked?.until_ms) await end();
}

/** The server gives this login nothing more. */
export async function end(): Promise<void> {
  over.value = true;
  await leave();
}

/** The cases leave the phone; what does not fit is said. */
async function leave(byHand = false): Promise<void> {
  await forgetCases(session().db, byHand, mediator.value?.by).catch(noRoom);
  await refreshEverywhere();
}

/** The cases leave the phone at once, with what was written on them; the server is told when it can be. Own unsent work stays and is sent. */
export async function logOut(): Promise<void> {
  await draftsKept();
  // What did not fit is not tried again either.
  for (const { id, reports } of cases.value)
    for (const of of [id, ...reports.map((one) => askOf(one.id))]) forgetDraft(mine(of));
  await leave(true);
  await giveBack();
}

export async function addFollowUp(
  caseId: string,
  said: Pick<FollowUpBody, "kind" | "happened_on" | "text">,
): Promise<void> {
  const { kind, happened_on, text } = said;
  const body: FollowUpBody = { case: caseId, kind, happened_on, text, language: language.value };
  const made = followUpOf(uuid7(), body, mediator.value, Date.now());
  const draft = mine(caseId);
  await draftsKept();
  await write({ ...made, draft });
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  return { status: response.status, body: (await response.json()) as Told["body"] };
}
