/** Photos and recordings as addresses to show and then to revoke. */
import { openMedium } from "../model/media";
import { keepHeard } from "../store/hearing";
import { session } from "./session";
import { outbox } from "./signals";

/** The server's clean copy; throws without a connection. */
export async function mediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  return URL.createObjectURL(await fetched(mediumId, kind));
}

async function fetched(mediumId: string, kind: "image" | "audio"): Promise<Blob> {
  const headers = { Authorization: `Bearer ${session().tokens.read}` };
  const response = await fetch(`/api/v1/media/${mediumId}/${kind}`, { headers, credentials: "omit" });
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return response.blob();
}

/** A photo or recording of one's own: what is still on this phone, else the server's copy. */
export async function ownMediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  return (await keptUrl(mediumId)) ?? mediumUrl(mediumId, kind);
}

/** A recording of the talk about a report: what the office said is heard offline from then on. */
export async function talkUrl(mediumId: string, reportId: string): Promise<string> {
  return (await keptUrl(mediumId)) ?? URL.createObjectURL(await heard(mediumId, reportId));
}

async function heard(id: string, reportId: string): Promise<Blob> {
  const blob = await fetched(id, "audio");
  const { db, vault } = session();
  // A phone too full to keep it plays it all the same.
  await keepHeard(db, vault, { id, reportId, blob }).catch(() => undefined);
  return blob;
}

/** What offices said is fetched before anybody wants to hear it, who may be without a network then. One that does not come holds up no other. */
export async function hearOffices(): Promise<void> {
  for (const { id: reportId, answers, talk } of outbox.value) {
    const said = [...answers, ...talk.filter(({ office }) => office)].flatMap(({ media }) => media);
    for (const { id, state } of said)
      if (state === "ready" && !(await session().db.getKey("media", id)))
        await heard(id, reportId).catch(() => undefined);
  }
}

async function keptUrl(mediumId: string): Promise<string | null> {
  const { db, vault } = session();
  const [kept, bytes] = await Promise.all([db.get("media", mediumId), db.get("mediaBytes", mediumId)]);
  if (!kept || !bytes) return null;
  const key = await vault.open<string>(kept.key);
  return URL.createObjectURL(new Blob([await openMedium(bytes, { id: mediumId, key })], { type: kept.mime }));
}
