/** Photos and recordings as addresses to show and then to revoke. */
import { openMedium } from "../model/media";
import { fetchPatiently } from "../net/asking";
import { locks } from "../net/surroundings";
import { keepHeard } from "../store/hearing";
import { session } from "./session";
import { outbox } from "./signals";

const TIMEOUT_MS = 30_000;
/** How soon what did not come is fetched a second time; then twice as late with each. */
const AGAIN_MS = 60_000;

/** The server's clean copy; throws without a connection. */
export async function mediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  return URL.createObjectURL(await fetched(mediumId, kind));
}

async function fetched(mediumId: string, kind: "image" | "audio"): Promise<Blob> {
  const headers = { Authorization: `Bearer ${session().tokens.read}` };
  const { response, bytes } = await fetchPatiently(`/api/v1/media/${mediumId}/${kind}`, { headers }, TIMEOUT_MS);
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return new Blob([bytes], { type: response.headers.get("Content-Type") ?? "" });
}

/** A photo or recording of one's own: what is still on this phone, else the server's copy. */
export async function ownMediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  return (await keptUrl(mediumId)) ?? mediumUrl(mediumId, kind);
}

/** A recording of the talk about a report: what the office said is heard offline from then on. */
export async function talkUrl(mediumId: string, reportId: string): Promise<string> {
  return (await keptUrl(mediumId)) ?? URL.createObjectURL(await heard(mediumId, reportId));
}

const coming = new Map<string, Promise<Blob>>();

/** Who wants to hear what is on its way waits for that: on a slow link a second one beside it would hold up both. */
function heard(id: string, reportId: string): Promise<Blob> {
  const one = coming.get(id) ?? brought(id, reportId).finally(() => coming.delete(id));
  coming.set(id, one);
  return one;
}

async function brought(id: string, reportId: string): Promise<Blob> {
  const blob = await fetched(id, "audio");
  const { db, vault } = session();
  // A phone too full to keep it plays it all the same.
  await keepHeard(db, vault, { id, reportId, blob }).catch(() => undefined);
  return blob;
}

/** When what was fetched, and did not come or could not be kept, is fetched again, by a clock that nobody sets. */
const later = new Map<string, [at: number, pause: number]>();

/** What offices said is fetched before anybody wants to hear it, who may be without a network then: one after the other, in one tab. One that does not come holds up no other. */
export async function hearOffices(): Promise<void> {
  await locks.alone("heard", async () => {
    for (const { id: reportId, answers, talk } of outbox.value) {
      const said = [...answers, ...talk.filter(({ office }) => office)].flatMap(({ media }) => media);
      for (const { id, state } of said) {
        const [at, pause] = later.get(id) ?? [0, AGAIN_MS];
        if (state !== "ready" || at > performance.now() || (await session().db.getKey("media", id))) continue;
        await heard(id, reportId).catch(() => undefined);
        later.set(id, [performance.now() + pause, pause * 2]);
      }
    }
  });
}

async function keptUrl(mediumId: string): Promise<string | null> {
  const { db, vault } = session();
  const [kept, bytes] = await Promise.all([db.get("media", mediumId), db.get("mediaBytes", mediumId)]);
  if (!kept || !bytes) return null;
  const key = await vault.open<string>(kept.key);
  return URL.createObjectURL(new Blob([await openMedium(bytes, { id: mediumId, key })], { type: kept.mime }));
}
