/** What people do on their phones, through the app's own road: `keep()`, then a wake. */
import { isDeepStrictEqual } from "node:util";
import type { Audience, Grant, Identity, OwnReport, ReportBody, ReportData, Said, Village } from "../src/model";
import { base64url } from "../src/model/bytes";
import { isRefused } from "../src/model/cards";
import { torn } from "../src/model/protected";
import { newReceipt } from "../src/model/receipts";
import { uuid7 } from "../src/model/uuid7";
import { drop } from "../src/store/deleting";
import { dropFact, fact } from "../src/store/facts";
import { followUpOf, forgetCases, keepGrant } from "../src/store/granting";
import { letGo, namingSms } from "../src/store/handing";
import { changesOf } from "../src/store/reading";
import { keep, lostKeys, type Saying, sealAgain, type Wider } from "../src/store/saving";
import type { Ground } from "./ground";
import { mediaFor, type Sealed, sealed } from "./media";
import { type Account, type Discarding, operationsOf, type Phone, type Tab } from "./phone";
import { type Doubtful, demand } from "./promises";

type Act = Pick<Saying, "said" | "first" | "entityId" | "media" | "report" | "followUp" | "verdict">;

/** Saves, and notes the promise that the phone makes by saying so. */
export async function save(phone: Phone, tab: Tab, act: Act, text: string, refusal: string | null = null) {
  const { account, life } = tab;
  const media = (act.media ?? []).map(({ wire }) => ({ id: wire.id, sha256: wire.sha256 }));
  const { said, first, entityId } = act;
  const common = { readHash: account.tokens.readHash, entityId, refusal };
  const doubts: Doubtful[] = [{ ...common, ...said, text, media }];
  if (first) doubts.unshift({ ...common, ...first, text: first.body.audience, media: [] });
  account.doubtful.push(...doubts);
  const saying = { ...act, now: phone.clock.now(), tokens: account.tokens };
  const said_ = keep(tab.db, account.vault, saying).then(
    () => "saved" as const,
    () => "failed" as const,
  );
  const outcome = await life.orDeath(said_);
  if (outcome === "died") return;
  account.doubtful = account.doubtful.filter((one) => !doubts.includes(one));
  // Nothing tells some words, that it is solved say, from another tab's on the same report, of which is not known yet whether they were saved.
  const alike = (one: Doubtful) =>
    doubts.some(
      ({ type, body }) => one.type === type && one.entityId === entityId && isDeepStrictEqual(one.body, body),
    );
  if (outcome === "failed" && account.doubtful.some(alike)) return;
  for (const doubt of doubts) {
    const found = await phone.found(account, doubt, await phone.unknown(account));
    demand(
      found || (await takenBack(account, entityId)) || life.dead || outcome === "failed",
      () => `${doubt.type} was called saved and is not in the database`,
    );
    demand(!found || outcome === "saved", () => `${doubt.type} failed to be saved and yet is in the database`);
    if (found) poisonSometimes(phone);
  }
}

/** What is said of a report that another tab took back leaves the phone at once. */
async function takenBack(account: Account, reportId: string): Promise<boolean> {
  return (await operationsOf(account)).some(
    ({ type, entityId }) => type === "report.withdraw" && entityId === reportId,
  );
}

function poisonSometimes({ world, dice }: Phone): void {
  const kept = world.promises.kept.at(-1);
  if (!kept || !world.weather.strikes("poisoned", 0.01, dice)) return;
  const kinds = ["fault", "hangs", "kills_the_server", "is_left_out", "too_large"] as const;
  world.poison.set(base64url(kept.envelope as Uint8Array<ArrayBuffer>), dice.pick(kinds));
}

const AUDIENCES: Audience[] = ["mediator", "office", "border"];
/** Offices that a report may be about: groups of mediators, and one where a mediator works besides. */
const ACCUSED = ["okmotu", "mediation", "mediation-national"];

let told = 0;

export async function report(phone: Phone, tab: Tab, ground: Ground): Promise<void> {
  const { dice } = phone;
  const entityId = uuid7(phone.clock.now());
  const wrong = dice.happens(0.02);
  const text = `The water did not come to the third field, ${++told}.`;
  const track = dice.pick(["signal", "appeal"] as const);
  const category = dice.pick(ground.categories);
  const about = dice.happens(0.3) ? dice.pick(ACCUSED) : null;
  const unlisted = about === null && track === "signal" && dice.happens(0.1);
  const body: ReportBody = {
    category,
    ...(wrong ? { village: "nowhere", position: null } : whereabouts(phone)),
    text,
    happened: { when: "today", date: null },
    audience: unlisted ? "mediator" : dice.pick(AUDIENCES),
    track,
    about_office: about,
    ...(unlisted && { about_unlisted: true }),
    danger: dice.happens(0.1),
    language: "ky",
    receipt: newReceipt(),
    answers: answersTo(phone, category),
    identity: track === "appeal" && dice.happens(0.5) ? somebody() : null,
    consent: dice.happens(0.8) ? 1 : null,
    ...(track === "signal" ? await protectedOf(phone, tab, entityId, about) : {}),
  };
  const said: Said = { type: "report.create", body };
  const own = ownReport(entityId, body, phone.clock.now());
  const media = !wrong && dice.happens(0.09) ? await mediaFor(dice, ground.samples) : [];
  await save(phone, tab, { said, entityId, report: own, media }, text, wrong ? "unknown_village" : null);
}

/** Some of what is asked about a category is answered. */
function answersTo({ dice, world: { reference } }: Phone, category: string): ReportBody["answers"] {
  const asked = reference.categories.find(({ code }) => code === category)?.questions ?? [];
  const answered = asked.filter(({ kind }) => kind === "yes_no" && dice.happens(0.5));
  return Object.fromEntries(answered.map(({ code }) => [code, dice.pick(["yes", "no", "dont_know"])]));
}

/** Nobody twice. */
function somebody(): Identity {
  return { name: `Aijan ${++told}-th`, address: `Gate ${told}, Ak-Sai`, contact: `+996-${told}-555` };
}

/** Who makes a signal, for two mediators together, where the phone knows the keys of a group that it is not about; as the app seals it. */
async function protectedOf({ dice, world }: Phone, { account }: Tab, reportId: string, about: string | null) {
  const keys = (await fact(account.raw, "reference"))?.group_keys;
  if (!keys || keys.office === about || !dice.happens(0.5)) return {};
  const identity = somebody();
  world.promises.sealedNames.set(reportId, identity.name);
  return { protected: await torn(identity, keys.public, reportId) };
}

/** Mostly a village; now and then its rayon, or no more than where the phone was. */
function whereabouts({ dice, world: { reference } }: Phone): Pick<ReportBody, "village" | "position"> {
  const { code, at: [lat, lon] = [0, 0] } = reference.villages[0] as Village;
  const position = { lat, lon, accuracy_m: dice.whole(5, 2_000) };
  const places = {
    village: { village: code, position: null },
    both: { village: code, position },
    rayon: { village: reference.rayon, position: null },
    here: { village: null, position },
  };
  return places[dice.weighed({ village: 6, both: 2, rayon: 1, here: 1 })];
}

function ownReport(id: string, body: ReportBody, savedAt: number): OwnReport {
  const { receipt, category, village, text, audience, track, danger, about_unlisted: unlisted = false } = body;
  const fresh = { verdict: null, withdrawn: false } as const;
  return { id, receipt, category, village, text, audience, track, danger, unlisted, savedAt, ...fresh };
}

/** The reporter's word on one of their own reports, sent or not. */
export async function verdict(phone: Phone, tab: Tab, ground: Ground): Promise<void> {
  const entityId = await ownOne(phone, tab);
  if (entityId === null) return;
  if (phone.dice.happens(0.5)) {
    const said: Said = { type: "report.confirm", body: {} };
    return save(phone, tab, { said, entityId, verdict: { said: "solved", answers: 0 } }, "");
  }
  const reason = `Still dry, ${++told}.`;
  const said: Said = { type: "report.dispute", body: { reason } };
  const media = await spokenBy(phone, ground);
  await save(phone, tab, { said, entityId, media, verdict: { said: "disputed", answers: 0 } }, reason);
}

/** Now and then what is said after a report is recorded, too. */
async function spokenBy({ dice }: Phone, { samples }: Ground): Promise<Sealed[]> {
  return dice.happens(0.1) ? [await sealed(samples.voice, "voice")] : [];
}

/** The reporter says more, mostly because an office asked. */
export async function reply(phone: Phone, tab: Tab, ground: Ground): Promise<void> {
  const { raw, vault } = tab.account;
  const own = (await raw.getAll("changes")).filter(({ entity }) => entity === "report");
  const asked = (await changesOf(vault, own)).filter(({ data }) =>
    (data as ReportData | null)?.talk.some(({ office }) => office !== null),
  );
  const entityId = asked.length > 0 && phone.dice.happens(0.7) ? phone.dice.pick(asked).id : await ownOne(phone, tab);
  if (entityId === null || refused(phone, entityId)) return;
  const text = `Since the second of May, ${++told}.`;
  const media = await spokenBy(phone, ground);
  await save(phone, tab, { said: { type: "report.reply", body: { text, language: "ky" } }, entityId, media }, text);
}

export async function audience(phone: Phone, tab: Tab): Promise<void> {
  const [entityId, own] = await readable(phone, tab);
  if (entityId === null || !own) return;
  const chosen = phone.dice.pick(AUDIENCES);
  await save(phone, tab, { said: { type: "report.audience", body: { audience: chosen } }, entityId }, chosen);
}

/** One that the reporter may open to more: not about an office that no list has, which nobody could leave out. */
async function readable(phone: Phone, tab: Tab): Promise<[string | null, OwnReport | null]> {
  const { raw, vault } = tab.account;
  const entityId = await ownOne(phone, tab);
  const row = entityId === null ? undefined : await raw.get("reports", entityId);
  const own = row ? await vault.open<OwnReport>(row.sealed) : null;
  return own?.unlisted ? [null, null] : [entityId, own];
}

/** A signal becomes a formal appeal: an office must answer it, so an office reads it. */
export async function appeal(phone: Phone, tab: Tab): Promise<void> {
  const [entityId, own] = await readable(phone, tab);
  if (entityId === null || !own) return;
  const alone = own.audience === "mediator";
  const first: Wider | null = alone ? { type: "report.audience", body: { audience: "office" } } : null;
  const identity = somebody();
  await save(phone, tab, { said: { type: "report.appeal", body: { identity } }, first, entityId }, identity.name);
}

/** Agreed to the notice after the report, also where that was done before. */
export async function consent(phone: Phone, tab: Tab): Promise<void> {
  const entityId = await ownOne(phone, tab);
  if (entityId === null) return;
  const body = { consent: phone.dice.whole(1, 9) };
  await save(phone, tab, { said: { type: "report.consent", body }, entityId }, "");
}

/** Where notices are to go: an address, another one, nowhere any more. */
export async function notify(phone: Phone, tab: Tab): Promise<void> {
  const entityId = await ownOne(phone, tab);
  if (entityId === null) return;
  const address = phone.dice.happens(0.6) ? `resident-${++told}@example.org` : null;
  await save(phone, tab, { said: { type: "report.notify", body: { notify: address } }, entityId }, address ?? "");
}

/** Everything said of a report leaves the phone; somebody may have a copy of it, and brings it when all is over. */
export async function withdraw(phone: Phone, tab: Tab, which?: string): Promise<void> {
  const entityId = which ?? (await ownOne(phone, tab, true));
  if (entityId === null) return;
  if ((await tab.life.orDeath(letGo(tab.db, entityId))) === "died") return;
  const operations = (await operationsOf(tab.account)).filter((one) => one.entityId === entityId);
  phone.world.late.push(...operations.map(({ envelope }) => envelope));
  const body = await tab.life.orDeath(namingSms(tab.db, tab.account.tokens, entityId));
  if (body === "died") return;
  await save(phone, tab, { said: { type: "report.withdraw", body }, entityId }, "");
}

/** Thrown away where nobody else has any of it or the server refused it; what may have left is taken back. */
export async function discard(phone: Phone, tab: Tab): Promise<void> {
  const { account, db, life } = tab;
  const { weather } = phone.world;
  const entityId = await ownOne(phone, tab, true);
  if (entityId === null) return;
  const said = (await operationsOf(account)).filter((one) => one.entityId === entityId);
  const one: Discarding = { said: said.map(({ opId }) => opId), why: said.some(isRefused) ? "refused" : "never" };
  account.discarding.push(one);
  // Begun just before it, so it reads what the app will decide by: another tab may have heard meanwhile that some of it was refused.
  const standing = operationsOf(account).then((now) => {
    if (now.some((other) => other.entityId === entityId && isRefused(other))) one.why = "refused";
  });
  const outcome = await life.orDeath(drop(db, entityId).catch(() => "full" as const));
  await standing;
  if (outcome === "died") return;
  account.discarding = account.discarding.filter((other) => other !== one);
  await phone.discarded(account, one);
  if (outcome === true) weather.count("thrown_away");
  if (outcome === false) await withdraw(phone, tab, entityId);
}

/** One of the phone's own reports, seldom one that was taken back: another tab may not have heard of it. */
async function ownOne(phone: Phone, { account }: Tab, evenRefused = false): Promise<string | null> {
  const { dice } = phone;
  for (const id of dice.shuffled(await account.raw.getAllKeys("reports"))) {
    const row = await account.raw.get("reports", id);
    if (!row || ((await account.vault.open<OwnReport>(row.sealed)).withdrawn && !dice.happens(0.05))) continue;
    return !evenRefused && refused(phone, id) ? null : id;
  }
  return null;
}

function refused({ world }: Phone, entityId: string): boolean {
  return world.promises.kept.some((one) => one.entityId === entityId && one.refusal !== null);
}

/** A mediator's note on a case that the phone has seen. */
export async function followUp(phone: Phone, tab: Tab): Promise<void> {
  const { dice } = phone;
  const changes = await tab.account.raw.getAll("changes");
  const cases = changes.filter(({ entity, data }) => entity === "case" && data !== null);
  const grant = await loginOf(tab.account);
  if (cases.length === 0 || grant === null) return;
  const entityId = uuid7(phone.clock.now());
  const text = `We went to the gate, ${++told}.`;
  const about = dice.pick(cases).id;
  const body = { case: about, kind: "visit", happened_on: "2026-11-22", text, language: "ky" } as const;
  await save(phone, tab, followUpOf(entityId, body, grant, phone.clock.now()), text);
}

/** Whoever is logged in, as the screens know it. */
export async function loginOf({ raw, vault }: Account): Promise<Grant | null> {
  const kept = await fact(raw, "mediator");
  return kept ? vault.open<Grant>(kept) : null;
}

/** A mediator logs in, with the same calls as the app. */
export async function logIn(tab: Tab, ground: Ground, session: string): Promise<void> {
  const { account, life, db } = tab;
  const headers = { Authorization: `Bearer ${account.tokens.read}`, "X-Session-Token": session };
  // Given even where its answer never comes.
  account.login = "given";
  const response = await fetch(`${ground.origin}/api/v1/grant`, { method: "POST", headers }).catch(() => null);
  if (!response?.ok) return;
  const grant = (await response.json()) as Grant;
  if ((await life.orDeath(keepGrant(db, account.vault, grant).catch(() => "full"))) === undefined) {
    account.mediator = session;
    account.expired = false;
  }
}

/** As the app does after each look: what was sealed to a key that the server lost is sealed to the one that it has now. */
export async function sealAnew({ disk, world }: Phone, { account, db, life, parts }: Tab): Promise<void> {
  if (disk.full || parts.bearer === null || (await life.orDeath(lostKeys(db))) !== true) return;
  await account.raw.put("facts", world.reference, "reference");
  await life.orDeath(sealAgain(db, account.vault));
}

/** The cases leave the phone at once; the server is told when it can be. */
export async function logOut(phone: Phone, tab: Tab, ground: Ground): Promise<void> {
  const { account, life, db } = tab;
  if (phone.disk.full || (await life.orDeath(forgetCases(db))) === "died") return;
  account.mediator = null;
  const headers = { Authorization: `Bearer ${account.tokens.read}` };
  if (!(await life.orDeath(fact(db, "givingBack")))) return;
  const response = await fetch(`${ground.origin}/api/v1/grant`, { method: "DELETE", headers }).catch(() => null);
  if (!response?.ok) return;
  account.login = "over";
  await life.orDeath(dropFact(db, "givingBack"));
}
