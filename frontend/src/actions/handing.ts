/** Handing one's own over: the same sealed bytes that the network would carry. They stay in the outbox until they arrived. */
import { waitingLoad } from "../store/handing";
import { asFile, give } from "./carrying";
import { session } from "./session";

export type Handed = "given" | "kept" | "nothing" | "too_much";

/** One report's, or everything that waits. */
export async function handOver(reportId: string | null): Promise<Handed> {
  const load = await waitingLoad(session().db, reportId);
  if (load.envelopes.length + load.media.length === 0) return "nothing";
  try {
    return (await give(await asFile(load))) ? "given" : "kept";
  } catch {
    return "too_much";
  }
}
