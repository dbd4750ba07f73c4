/** Where there is GSM and no data: the app's own text of a report, in parts, through a gateway written from docs/sync.md alone. */
import { createHmac } from "node:crypto";
import { hex } from "../src/model/bytes";
import { linkOf, smsOf } from "../src/model/sms";
import { leaving, markTexted, textable } from "../src/store/handing";
import type { Dice } from "./dice";
import type { Tab, World } from "./phone";
import { demand } from "./promises";

const ONE_SMS = 160;
const A_PART = 153;
const MOST_TRIES = 50;
const [NAME = "", SECRET = ""] = (process.env.SMS_GATEWAYS ?? "").split(":");

interface Part {
  number: string;
  text: string;
  ref: number;
  part: number;
  parts: number;
}

export class Gsm {
  private ref = 0;
  private late: (() => Promise<void>)[] = [];

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
    private readonly number: string,
  ) {}

  /** The person opens the messages with a report in them, and sends it. */
  async send({ account, db, life, parts }: Tab): Promise<void> {
    const { dice, world } = this;
    const reports = await account.raw.getAllKeys("reports");
    if (reports.length === 0 || parts.bearer === null) return;
    const id = dice.pick(reports);
    const made = await textable(account.raw, account.vault, id);
    if (made === null || (await life.orDeath(marked())) !== "marked") return;
    const sms = await smsOf(made.operation, made.write, made.key);
    const link = hex(await linkOf(made.write, made.operation.op_id));
    if (!world.weather.strikes("sms_late", 0.3, dice)) return this.deliver(sms.text, link);
    this.late.push(() => this.deliver(sms.text, link));

    async function marked(): Promise<"marked" | "full"> {
      try {
        await leaving(db, id);
        await markTexted(db, account.vault, id);
        return "marked";
      } catch {
        return "full";
      }
    }
  }

  /** What the network had kept back, when everything else is over. */
  async bringLate(): Promise<void> {
    for (const deliver of this.late.splice(0)) await deliver();
  }

  private async deliver(text: string, link: string): Promise<void> {
    const { dice, world } = this;
    const { weather, promises } = world;
    const began = promises.era;
    let parts = this.cut(text);
    if (parts.length > 1 && weather.strikes("sms_out_of_order", 0.3, dice)) parts.reverse();
    if (weather.strikes("sms_doubled", 0.3, dice)) parts = dice.shuffled([...parts, ...parts]);
    const lost = weather.strikes("sms_lost", 0.2, dice) ? parts[0]?.part : null;
    for (const part of parts) if (part.part !== lost) await this.pass(part);
    if (lost === null) promises.texted(link, began);
  }

  private cut(text: string): Part[] {
    this.ref = (this.ref + 1) % 256;
    const size = text.length > ONE_SMS ? A_PART : ONE_SMS;
    const texts = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
    return texts.map((one, at) => ({
      number: this.number,
      text: one,
      ref: this.ref,
      part: at + 1,
      parts: texts.length,
    }));
  }

  /** Until the server has answered, as gateways do. */
  private async pass(part: Part): Promise<void> {
    for (let tries = 0; ; tries++) {
      const status = await this.post(JSON.stringify(part));
      if (status === 200) return;
      demand(status === null || status >= 500, () => `the gateway was told ${status}`);
      demand(tries < MOST_TRIES, () => `an SMS was never taken in: ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async post(body: string): Promise<number | null> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const nonce = hex(Uint8Array.from({ length: 12 }, () => this.dice.whole(0, 255)));
    const signed = createHmac("sha256", SECRET).update(`${NAME}\n${timestamp}\n${nonce}\n${body}`).digest("hex");
    const headers = {
      "Content-Type": "application/json",
      "Aryk-Gateway": NAME,
      "Aryk-Timestamp": timestamp,
      "Aryk-Nonce": nonce,
      "Aryk-Signature": signed,
    };
    const url = `${this.world.origin}/api/v1/gateways/sms`;
    const answered = await fetch(url, { method: "POST", headers, body }).catch(() => null);
    if (answered?.status === 500) this.world.weather.faultsOfOurs++;
    return answered?.status ?? null;
  }
}
