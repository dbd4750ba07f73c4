/** Photos and recordings as addresses to show and then to revoke. */
import { openMedium } from "../model/media";
import { session } from "./session";

/** The server's clean copy; throws without a connection. */
export async function mediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  const headers = { Authorization: `Bearer ${session().tokens.read}` };
  const response = await fetch(`/api/v1/media/${mediumId}/${kind}`, { headers, credentials: "omit" });
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return URL.createObjectURL(await response.blob());
}

/** A photo or recording of one's own: what is still on this phone, else the server's copy. */
export async function ownMediumUrl(mediumId: string, kind: "image" | "audio"): Promise<string> {
  const { db, vault } = session();
  const [kept, bytes] = await Promise.all([db.get("media", mediumId), db.get("mediaBytes", mediumId)]);
  if (!kept || !bytes) return mediumUrl(mediumId, kind);
  const key = await vault.open<string>(kept.key);
  return URL.createObjectURL(new Blob([await openMedium(bytes, { id: mediumId, key })], { type: kept.mime }));
}
