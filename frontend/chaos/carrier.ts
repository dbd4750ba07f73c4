/** Other people's phones and files on the road: they hold envelopes, not secrets, and may be hostile. */
import { base64url } from "../src/model/bytes";
import { netAt } from "../src/net/asking";
import { NoAnswer } from "../src/sync/ports";
import type { Dice } from "./dice";
import { demand } from "./promises";
import type { Weather } from "./weather";

const NAMES = new Set(["digest", "status"]);

export class Carrier {
  private bag: Uint8Array[] = [];

  constructor(
    private readonly origin: string,
    private readonly weather: Weather,
    private readonly dice: Dice,
    /** Its own bearer, where it carries with its own app; null for a page without login. */
    private readonly bearer: string | null,
  ) {}

  take(envelopes: Uint8Array[]): void {
    this.bag.push(...envelopes);
  }

  /** Brings some of what it has, in its own order, some of it twice, some of it spoilt. */
  async bring(): Promise<void> {
    const { dice, weather } = this;
    if (this.bag.length === 0 || !weather.strikes("carrier_replays", 1, dice)) return;
    const chosen = dice.shuffled(this.bag).slice(0, dice.whole(1, 8));
    if (dice.happens(0.2)) chosen.push(chosen[0] as Uint8Array);
    const sent = chosen.map((one) => (weather.strikes("carrier_alters", 0.05, dice) ? this.altered(one) : one));
    if (weather.strikes("concurrent_push", 0.3, dice)) await Promise.all([this.send(sent), this.send(sent)]);
    else await this.send(sent);
    if (this.bag.length > 200) this.bag = this.bag.slice(-100);
  }

  /** Copies of what was taken back, long after: nobody has forgotten that it was. */
  async bringLate(envelopes: Uint8Array[]): Promise<void> {
    for (let at = 0; at < envelopes.length; at += 20) await this.send(envelopes.slice(at, at + 20));
  }

  private altered(envelope: Uint8Array): Uint8Array {
    const copy = envelope.slice();
    const at = this.dice.whole(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ this.dice.whole(1, 255);
    return copy;
  }

  private async send(envelopes: Uint8Array[]): Promise<void> {
    const texts = envelopes.map((one) => base64url(one));
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.bearer !== null) headers.Authorization = `Bearer ${this.bearer}`;
    const body = JSON.stringify({ proto: 1, cursor: null, envelopes: texts });
    try {
      const request = { method: "POST", path: "/api/v1/sync", headers, body, timeoutMs: 60_000 } as const;
      const answered = await netAt(this.origin).ask(request);
      if (answered.status === 200) this.learnsNothing(await answered.json());
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
    }
  }

  /** Whoever has not the author's read token is told accepted or try again, and what nobody could read. */
  private learnsNothing(reply: unknown): void {
    const { results, changes } = reply as { results: Record<string, string>[]; changes: unknown[] };
    demand(changes.length === 0, () => "a carrier was shown changes that are not its own");
    for (const result of results) {
      // What nobody can read is nobody's.
      if (this.bearer !== null && "code" in result && result.op_id === null) continue;
      const told = Object.keys(result).filter((name) => !NAMES.has(name));
      const states = ["accepted", "try_again"];
      demand(
        told.length === 0 && states.includes(result.status ?? ""),
        () => `a carrier was told ${JSON.stringify(result)}`,
      );
    }
  }
}
