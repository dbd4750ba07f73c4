/**
 * node phone.mjs <link> <server>: one phone in Node, with the app's own outbox, sealing and sync. It reaches the server over
 * the link, but for the reference data, which it is to have from before. Each line in is one thing to do, each line out says
 * how it went: `{"do": "sync"}`, `{"do": "report", "letters": 200, "photo": 120000}`.
 */
import "fake-indexeddb/auto";
import { createInterface } from "node:readline";
import type { OwnReport, Reference, WireMedium } from "../src/model";
import { sha256 } from "../src/model/bytes";
import { sealMedium } from "../src/model/media";
import { newReceipt } from "../src/model/receipts";
import { uuid7 } from "../src/model/uuid7";
import { netAt } from "../src/net/asking";
import { chance, clock, locks } from "../src/net/surroundings";
import { keepFact } from "../src/store/facts";
import { openedOf } from "../src/store/keys";
import { openProfile, ownProfile } from "../src/store/opening";
import { keep } from "../src/store/saving";
import { storageOf } from "../src/store/syncing";
import type { Parts } from "../src/sync/ports";
import { Link, round } from "../src/sync/rounds";

const WORDS =
  "Кечээ кечинде айылдын башындагы сугат дарбазасы жабылып калып, төмөнкү көчөдөгү он төрт үйгө суу жетпей жатат. " +
  "Кошуналар менен чогуу барып көрдүк: кулпу салынган, ким жапканы белгисиз. Сураныч, текшерип, жооп бериңиздерчи. ";

interface Task {
  do: "sync" | "report";
  letters?: number;
  photo?: number;
}

const [link = "", server = ""] = process.argv.slice(2);
const profile = await ownProfile(Date.now());
const db = await openProfile(profile.id);
const opened = await openedOf(db);
if (!opened) throw new Error("This profile has a lock.");
const { vault, tokens } = opened;
const reference = (await (await fetch(`${server}/api/v1/reference`)).json()) as Reference;
await keepFact(db, "reference", reference);
const parts: Parts = {
  clock,
  net: netAt(link),
  storage: storageOf(db, vault),
  chance,
  locks,
  bearer: tokens.read,
  profileId: profile.id,
};
const learned = new Link();

async function report(letters: number, photo: number): Promise<{ id: string }> {
  const entityId = uuid7();
  const text = WORDS.repeat(Math.ceil(letters / WORDS.length)).slice(0, letters);
  const [category, village] = [reference.categories[0], reference.villages[0]];
  if (!category || !village) throw new Error("The server has no demo.");
  const said = {
    type: "report.create",
    body: {
      category: category.code,
      village: village.code,
      text,
      happened: { when: "today", date: null },
      audience: "office",
      track: "signal",
      about_office: null,
      danger: false,
      language: "ky",
      receipt: newReceipt(),
      answers: {},
      position: null,
      identity: null,
      consent: 1,
    },
  } as const;
  const media = photo > 0 ? [await randomPhoto(photo)] : [];
  const now = Date.now();
  const own: OwnReport = { ...said.body, id: entityId, savedAt: now, verdict: null, withdrawn: false };
  await keep(db, vault, { said, entityId, now, tokens, media, report: own });
  return { id: entityId };
}

/** As many random bytes: what no link can compress, as a photo is. */
async function randomPhoto(size: number): Promise<{ wire: WireMedium; bytes: ArrayBuffer }> {
  const plain = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(plain.subarray(at, at + 65_536));
  const { id, key, bytes } = await sealMedium(plain.buffer);
  const wire = {
    id,
    key,
    sha256: await sha256(bytes),
    bytes: bytes.byteLength,
    mime: "image/jpeg",
    role: "photo",
  } as const;
  return { wire, bytes: bytes.buffer };
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line) as Task;
  const began = performance.now();
  const said = task.do === "sync" ? await round(parts, learned) : await report(task.letters ?? 200, task.photo ?? 0);
  process.stdout.write(`${JSON.stringify({ ...said, seconds: (performance.now() - began) / 1000 })}\n`);
}
process.exit(0);
