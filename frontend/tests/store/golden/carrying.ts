/** A phone that carries for others, with something of everything, as a released app leaves it. */
import { readFileSync } from "node:fs";
import { sha256 } from "../../../src/model/bytes";
import { CARRIED, carriedStorage, dropOld, openCarried, take } from "../../../src/store/carried";
import { type Dump, dump } from "./dump.js";

const NOW = Date.UTC(2026, 10, 23, 6);
const PHOTO = new Uint8Array(readFileSync(new URL("photo.jpg", import.meta.url))).buffer;

/** Sealed, so it says nothing to who carries it. */
export const letter = (byte: number) => Uint8Array.of(1, byte, byte, byte);

/** The first one arrived, and the server wanted the third one again later; the others came after that. */
export async function fullCarrier(): Promise<Dump> {
  const db = await openCarried();
  const storage = carriedStorage(db);
  await take(db, { envelopes: [letter(1), letter(3)], media: [await photo("announced")] });
  await storage.announced("announced");
  const [accepted, later] = await Promise.all([1, 3].map((byte) => sha256(letter(byte))));
  const nothing = { more: false, sentCursor: null, cursor: null, serverMs: NOW, epoch: null, now: NOW, changes: [] };
  await storage.settle({
    ...nothing,
    results: [
      { digest: accepted ?? "", status: "accepted", code: null, detail: null },
      { digest: later ?? "", status: "try_again", code: null, detail: null },
    ],
    retryAt: (attempts) => NOW + attempts,
  });
  await dropOld(db);
  await storage.keepQuiet(NOW + 1_000);
  await take(db, { envelopes: [letter(2), letter(4)], media: [await photo("fresh")] });
  db.close();
  return dump(CARRIED);
}

async function photo(id: string) {
  return { id, sha256: await sha256(PHOTO), mime: "image/jpeg", bytes: PHOTO };
}
