/** What two mediators do with who made a signal: each makes a key; one asks, the other consents or refuses, the first one looks. */
import type { CaseData, Grant, Opening, SealedIdentity } from "../src/model";
import { base64url, fromBase64url } from "../src/model/bytes";
import { newGroupKey, openHalf, putTogether } from "../src/model/opening";
import { keyId, sealHalf } from "../src/model/protected";
import { uuid7 } from "../src/model/uuid7";
import { fact, type KeptGroupKey } from "../src/store/facts";
import { signed } from "../src/store/granting";
import { changesOf } from "../src/store/reading";
import { loginOf, save } from "./doing";
import type { Mediator } from "./ground";
import type { Account, Phone, Tab } from "./phone";
import { demand } from "./promises";

/** Whatever is to be done on this mediator's phone. */
export async function openTogether(phone: Phone, tab: Tab, by: Mediator | null): Promise<void> {
  const { dice } = phone;
  const grant = await loginOf(tab.account);
  if (grant === null) return;
  const keys = (await fact(tab.account.raw, "groupKeys")) ?? [];
  if (by && (keys.length === 0 || dice.happens(0.03))) return makeKey(phone, tab, by, grant);
  for (const sealed of dice.shuffled(await sealedWith(tab.account))) {
    const key = keys.find(({ id }) => id === sealed.holds);
    if (key === undefined) continue;
    const asked = sealed.openings.find(({ half }) => half !== undefined);
    if (asked) return answer(phone, tab, asked, sealed.report, key, grant);
    const granted = sealed.openings.find(({ mine, consented }) => mine && consented);
    if (granted && dice.happens(0.7)) return look(phone, tab, granted, sealed.report);
    if (sealed.openings.length === 0 || dice.happens(0.1)) return ask(phone, tab, sealed.report, grant);
  }
}

async function sealedWith({ raw, vault }: Account): Promise<SealedIdentity[]> {
  const rows = (await raw.getAll("changes")).filter(({ entity }) => entity === "case");
  return (await changesOf(vault, rows)).flatMap(({ data }) => (data as CaseData | null)?.identities ?? []);
}

/** The private half is on the disk before anybody is told the public one. */
async function makeKey(phone: Phone, tab: Tab, { office, place }: Mediator, grant: Grant): Promise<void> {
  const { db, life, account } = tab;
  const { point, pkcs8 } = await newGroupKey();
  const made = { id: await keyId(point), place, point, private: await account.vault.sealBytes(pkcs8) };
  const kept = async () => {
    const transaction = db.transaction("facts", "readwrite", { durability: "strict" });
    const others = ((await transaction.store.get("groupKeys")) as KeptGroupKey[] | undefined) ?? [];
    await Promise.all([transaction.store.put([...others, made], "groupKeys"), transaction.done]);
    return "kept";
  };
  if ((await life.orDeath(kept().catch(() => "full"))) !== "kept") return;
  const body = { office, place, public: base64url(point) };
  const said = signed({ type: "group.key", body }, grant);
  await save(phone, tab, { said, entityId: uuid7(phone.clock.now()) }, "");
}

let asked = 0;

async function ask(phone: Phone, tab: Tab, report: string, grant: Grant): Promise<void> {
  const reason = `Somebody must be warned, ${++asked}.`;
  const entityId = uuid7(phone.clock.now());
  const said = signed({ type: "identity.request", body: { report, reason } }, grant);
  await save(phone, tab, { said, entityId }, reason);
}

/** The own half is passed on to who asks, who alone can read it then. */
async function answer(
  phone: Phone,
  tab: Tab,
  opening: Opening,
  report: string,
  kept: KeptGroupKey,
  grant: Grant,
): Promise<void> {
  const entityId = opening.id;
  if (phone.dice.happens(0.2)) {
    return save(phone, tab, { said: signed({ type: "identity.refuse", body: { report } }, grant), entityId }, "");
  }
  const half = await openHalf(opening.half ?? "", kept.place, await keyOf(tab.account, kept), report);
  const { sealed } = await sealHalf(half, kept.place, fromBase64url(opening.to ?? ""), report);
  const said = signed({ type: "identity.consent", body: { report, passed: sealed } }, grant);
  await save(phone, tab, { said, entityId }, "");
}

/** What comes out of both halves is what the reporter wrote. A login that ran out, or a report that was taken back, shows nothing. */
async function look({ world }: Phone, { account }: Tab, opening: Opening, report: string): Promise<void> {
  const answered = await openingAt(world.origin, account, opening.id);
  if (answered?.status !== 200) return;
  const halves = (await answered.json()) as { key: string; own: string; passed: string };
  const kept = (await fact(account.raw, "groupKeys"))?.find(({ id }) => id === halves.key);
  if (!kept) return;
  const key = await keyOf(account, kept);
  const [own, passed] = await Promise.all([
    openHalf(halves.own, kept.place, key, report),
    openHalf(halves.passed, 3 - kept.place, key, report),
  ]);
  const { name } = putTogether(own, passed);
  const said = world.promises.sealedNames.get(report);
  demand(name === said, () => `two mediators opened “${name}”, and the reporter of ${report} wrote “${said}”`);
}

/** null: nobody answered. */
export function openingAt(origin: string, { tokens }: Account, id: string): Promise<Response | null> {
  const headers = { Authorization: `Bearer ${tokens.read}` };
  return fetch(`${origin}/api/v1/openings/${id}`, { method: "POST", headers }).catch(() => null);
}

async function keyOf({ vault }: Account, { id, point, private: sealed }: KeptGroupKey) {
  return { id, point, pkcs8: await vault.openBytes(sealed) };
}
