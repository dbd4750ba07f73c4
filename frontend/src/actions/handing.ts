/** Handing one's own over: the same sealed bytes that the network would carry. They stay in the outbox until they arrived. */
import { framesOf } from "../model/frames";
import { pack } from "../model/handed";
import { type Sms, smsOf } from "../model/sms";
import { leaving, markTexted, textable, waitingLoad } from "../store/handing";
import { give } from "./carrying";
import { refreshEverywhere, session } from "./session";

export type Handed = "given" | "kept" | "nothing";

/** One report's, or everything that waits. */
export async function handOver(reportId: string | null): Promise<Handed> {
  const load = await waitingLoad(session().db, reportId);
  if (load.envelopes.length + load.media.length === 0) return "nothing";
  await letGo(reportId);
  return (await give(load)) ? "given" : "kept";
}

/** What waits of a report as a loop of QR frames, its photos apart; null where there is nothing, or too much. */
export async function pictured(reportId: string): Promise<string[] | null> {
  const { envelopes } = await waitingLoad(session().db, reportId);
  if (envelopes.length === 0) return null;
  await letGo(reportId);
  try {
    return framesOf(await pack({ envelopes, media: [] }));
  } catch {
    return null;
  }
}

/** The SMS of a report, where it goes, and a link that opens the phone's messages with it; null where there is none. */
export async function textOf(reportId: string): Promise<(Sms & { number: string; link: string }) | null> {
  const made = await textable(session().db, session().vault, reportId);
  if (!made) return null;
  const sms = await smsOf(made.operation, made.write, made.key);
  return { ...sms, number: made.number, link: `sms:${made.number}?body=${encodeURIComponent(sms.text)}` };
}

/** The person opened the messages with it. It stays in the outbox: nobody here can see whether it went. */
export async function texted(reportId: string): Promise<void> {
  await letGo(reportId);
  await markTexted(session().db, session().vault, reportId).catch(() => undefined);
  await refreshEverywhere();
}

/** Reports that somebody else may have, by a disk too full to be marked on. It does not keep the words from leaving. */
export const unnoted = new Set<string | null>();

async function letGo(reportId: string | null): Promise<void> {
  await leaving(session().db, reportId).catch(() => unnoted.add(reportId));
  await refreshEverywhere();
}
