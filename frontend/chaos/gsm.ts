/** Where there is GSM and no data: the app's own text of a report, in parts, through a gateway written from docs/sync.md alone. */
import { createHmac } from "node:crypto";
import { hex } from "../src/model/bytes";
import { linkOf, smsOf } from "../src/model/sms";
import { letGo, markTexted, textable } from "../src/store/handing";
import type { Dice } from "./dice";
import { taken } from "./ground";
import type { Office } from "./office";
import type { Tab, World } from "./phone";
import { demand } from "./promises";

const ONE_SMS = 160;
const A_PART = 153;
const NOT_READ = "ARYK: ?";
const HEADER = 6;
const STRANGER = "+996555999999";
const [NAME = "", SECRET = ""] = (process.env.SMS_GATEWAYS ?? "").split(":");

interface Part {
  number: string;
  text: string;
  ref: number;
  part: number;
  parts: number;
}

/** An SMS, what ties it to its operation, and the key that it is sealed to. */
interface Sealed {
  text: string;
  link: string;
  key: string;
}

export class Gsm {
  private ref = 0;
  private late: (() => Promise<void>)[] = [];

  constructor(
    private readonly world: World,
    private readonly office: Office,
    private readonly dice: Dice,
    private readonly number: string,
  ) {}

  /** The person opens the messages with a report in them, and sends it; whether or not a full disk lets the phone note so. */
  async send({ account, db, life, parts }: Tab): Promise<void> {
    const { dice, world } = this;
    const { raw, vault } = account;
    const reports = await raw.getAllKeys("reports");
    if (reports.length === 0 || parts.bearer === null) return;
    const id = dice.pick(reports);
    if ((await life.orDeath(letGo(db, id))) === "died") return;
    const made = await textable(raw, vault, id);
    if (made === null) return;
    await life.orDeath(markTexted(db, vault, id).catch(() => undefined));
    const { text } = await smsOf(made.operation, made.write, made.key);
    const sms = { text, link: hex(await linkOf(made.write, made.operation.op_id)), key: made.key.id };
    if (!world.weather.strikes("sms_late", 0.3, dice)) return this.deliver(sms);
    this.late.push(() => this.deliver(sms));
  }

  /** What the network had kept back, when everything else is over. */
  async bringLate(): Promise<void> {
    for (const deliver of this.late.splice(0)) await deliver();
  }

  private async deliver(sms: Sealed): Promise<void> {
    const { dice, world } = this;
    const { weather, promises } = world;
    const began = promises.era;
    let parts = this.cut(sms.text);
    if (parts.length > 1 && weather.strikes("sms_out_of_order", 0.3, dice)) parts.reverse();
    if (weather.strikes("sms_doubled", 0.3, dice)) parts = dice.shuffled([...parts, ...parts]);
    const lost = weather.strikes("sms_lost", 0.2, dice) ? parts[0]?.part : null;
    if (weather.strikes("sms_forged", 0.25, dice)) await this.forge(parts);
    const replies: string[] = [];
    for (const part of parts) if (part.part !== lost) replies.push(await this.pass(part));
    if (lost === null) await this.isThere(sms, replies, began);
  }

  /** The server said that it has it, and no restore came between. Nobody can read what was sealed to a key that a restore lost. */
  private async isThere({ link, key }: Sealed, replies: string[], began: number): Promise<void> {
    const { promises, lostKeys } = this.world;
    const lost = await this.office.nowhere([link]);
    if (promises.era !== began || began % 2 === 1 || lostKeys.has(key)) return;
    demand(!replies.includes(NOT_READ), () => `SMS ${link} could not be read`);
    demand(lost.length === 0, () => `SMS ${link} was taken in and is nowhere`);
    promises.links.add(link);
  }

  /** Somebody who saw it go by sends it spoilt, from another number: it is nothing, and keeps nothing of the true one from coming together. */
  private async forge(parts: Part[]): Promise<void> {
    for (const part of parts) {
      const at = this.dice.whole(part.part === 1 ? HEADER : 0, part.text.length - 3);
      const other = part.text[at] === "A" ? "B" : "A";
      const text = part.text.slice(0, at) + other + part.text.slice(at + 1);
      const reply = await this.pass({ ...part, number: STRANGER, text });
      demand(["", NOT_READ].includes(reply), () => `a forged SMS was answered “${reply}”`);
    }
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

  /** Until the server has answered, as gateways do: each time signed anew. */
  private async pass(part: Part): Promise<string> {
    const { promises, weather } = this.world;
    const began = promises.era;
    let request: RequestInit = {};
    const answered = await taken(() => {
      request = this.signed(JSON.stringify(part));
      return this.post(request);
    });
    if (weather.strikes("sms_replayed", 0.15, this.dice)) {
      const status = (await this.post(request).catch(() => null))?.status ?? 503;
      // A restored server has forgotten which it had heard.
      const refused = status === 401 || status >= 429 || promises.era !== began;
      demand(refused, () => `a gateway's request was replayed by somebody else and answered ${status}`);
    }
    return ((await answered.json()) as { reply: string | null }).reply ?? "";
  }

  private post(request: RequestInit): Promise<Response> {
    return fetch(`${this.world.origin}/api/v1/gateways/sms`, request);
  }

  private signed(body: string): RequestInit {
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
    return { method: "POST", headers, body };
  }
}
