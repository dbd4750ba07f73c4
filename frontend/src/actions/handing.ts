/** Handing one's own over: the same sealed bytes that the network would carry. They stay in the outbox until they arrived. */
import { framesOf } from "../model/frames";
import { pack } from "../model/handed";
import { type Sms, smsOf } from "../model/sms";
import { letGo, markTexted, textable, waitingLoad } from "../store/handing";
import { give } from "./carrying";
import { refreshEverywhere, session } from "./session";

export type Handed = "given" | "kept" | "nothing";

/** One report's, or everything that waits. */
export async function handOver(reportId: string | null): Promise<Handed> {
  await note(reportId);
  const load = await waitingLoad(session().db, reportId);
  if (load.envelopes.length + load.media.length === 0) return "nothing";
  return (await give(load)) ? "given" : "kept";
}

/** What waits of a report as a loop of QR frames, its photos apart; null where there is nothing, or too much. */
export async function pictured(reportId: string): Promise<string[] | null> {
  await note(reportId);
  const { envelopes } = await waitingLoad(session().db, reportId);
  if (envelopes.length === 0) return null;
  try {
    return framesOf(await pack({ envelopes, media: [] }));
  } catch {
    return null;
  }
}

/** The SMS of a report, where it goes, and a link that opens the phone's messages with it; null where there is none. */
export async function textOf(reportId: string): Promise<(Sms & { number: string; link: string }) | null> {
  await note(reportId);
  const made = await textable(session().db, session().vault, reportId);
  if (!made) return null;
  const sms = await smsOf(made.operation, made.write, made.key);
  return { ...sms, number: made.number, link: `sms:${made.number}?body=${encodeURIComponent(sms.text)}` };
}

/** The person opened the messages with it. It stays in the outbox: nobody here can see whether it went. */
export async function texted(reportId: string): Promise<void> {
  await markTexted(session().db, session().vault, reportId).catch(() => undefined);
  await refreshEverywhere();
}

/** First: what another tab deletes meanwhile is not shown any more. On a disk that keeps not even that it left, it leaves all the same. */
async function note(reportId: string | null): Promise<void> {
  await letGo(session().db, reportId).catch(() => undefined);
  await refreshEverywhere();
}
