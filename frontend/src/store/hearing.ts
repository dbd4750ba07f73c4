/** What an office said by voice, kept once it was fetched: sealed like one's own, and gone with its report. */
import { HEARD } from "../model/cards";
import { sealMedium } from "../model/media";
import type { Vault } from "../model/vault";
import type { Database } from "./opening";

interface Heard {
  id: string;
  reportId: string;
  blob: Blob;
}

/** Nothing of it is kept when the report has left the phone meanwhile. */
export async function keepHeard(db: Database, vault: Vault, { id, reportId, blob }: Heard): Promise<void> {
  const sealed = await sealMedium(await blob.arrayBuffer(), undefined, id);
  const key = await vault.seal(sealed.key);
  const transaction = db.transaction(["reports", "media", "mediaBytes"], "readwrite");
  if (await transaction.objectStore("reports").getKey(reportId)) {
    const size = sealed.bytes.byteLength;
    const own = { id, entityId: reportId, opId: HEARD, role: "voice", mime: blob.type, key, sha256: "", size } as const;
    const there = { state: "received", receivedAt: null, announced: true, attempts: 0, notBefore: 0 } as const;
    await transaction.objectStore("media").put({ ...own, ...there });
    await transaction.objectStore("mediaBytes").put(sealed.bytes.buffer, id);
  }
  await transaction.done;
}
