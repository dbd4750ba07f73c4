/**
 * A report in an SMS: the partial form of its operation, sealed, in at most 306 characters that survive every gateway. The
 * operation, when it comes by another road, completes it: both carry the same link. The form is written down in docs/sync.md.
 */
import { base64url, fromBase64url, fromHex } from "./bytes";
import { packed } from "./letters";
import { sealRaw } from "./sealing";
import type { Audience, Operation, SyncKey } from "./wire";

const MOST_BYTES = 225;
const OVERHEAD = 33 + 16;
const SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/";
const INFO = new TextEncoder().encode("aryk sms 1");
const MARKS = 18;
const CUT = 8;
const MINUTE = 60_000;
const EPOCH = Date.UTC(2026, 0, 1);
const FIRST_DAY = Date.UTC(2000, 0, 1);
const LANGUAGES = ["ky", "ru", "tg", "uz", "en"];
/** The narrowest first. */
const AUDIENCES: Audience[] = ["mediator", "office", "border"];
const WHENS = ["now", "today", "date"];

export type Reported = Extract<Operation, { type: "report.create" }>;
/** As an SMS can tell it: it has no room for a position. */
export type Placed = Reported & { body: { village: string } };

/** The text to send, and whether all words are in it. */
export interface Sms {
  text: string;
  whole: boolean;
}

/** For whom it is by what the reporter chose last, where that is fewer: an SMS opens the case, and only the network widens it. */
export function narrowed<One extends Reported>(operation: One, chosen: Audience): One {
  const audience = AUDIENCES.find((one) => one === chosen || one === operation.body.audience) ?? "mediator";
  return { ...operation, body: { ...operation.body, audience } };
}

/** `write` is the write token as base64url. */
export async function smsOf(operation: Placed, write: string, key: SyncKey): Promise<Sms> {
  const { form, whole } = await formOf(operation, write);
  const { enc, ct } = await sealRaw(form, key, INFO);
  // Half of the point and the sign of the other half: 33 bytes for 65.
  const point = Uint8Array.of(2 + ((enc[64] ?? 0) % 2), ...enc.subarray(1, 33));
  const symbol = SYMBOLS.charAt((fromHex(key.id)[0] ?? 0) >> 2);
  return { text: `ARYK1${symbol}${symbols(Uint8Array.of(...point, ...ct))}`, whole };
}

/** What is sealed. Words that do not fit in are cut, and marked so. */
export async function formOf(
  operation: Placed,
  write: string,
): Promise<{ form: Uint8Array<ArrayBuffer>; whole: boolean }> {
  const head = await headOf(operation, write);
  const words = packed(operation.body.text);
  const room = MOST_BYTES - OVERHEAD - head.length;
  const whole = words.length <= room;
  if (!whole) head[MARKS] = (head[MARKS] ?? 0) | CUT;
  return { form: Uint8Array.of(...head, ...words.subarray(0, room)), whole };
}

async function headOf({ op_id, wall_ms, body, media }: Placed, write: string): Promise<number[]> {
  const { audience, track, danger, happened, language, about_office: about, category, village, receipt } = body;
  const choices = (danger ? 32 : 0) + AUDIENCES.indexOf(audience) * 8 + (track === "appeal" ? 4 : 0);
  const marks = LANGUAGES.indexOf(language) * 32 + (about === null ? 0 : 16) + (media.length > 0 ? 4 : 0);
  const minutes = Math.min(2 ** 24 - 1, Math.max(0, Math.floor((wall_ms - EPOCH) / MINUTE)));
  return [
    ...(await linkOf(write, op_id)),
    ...receiptAnd(receipt, choices + WHENS.indexOf(happened.when)),
    ...bigEndian(minutes, 3),
    marks,
    ...(await named(category, 3)),
    ...(await named(village, 4)),
    ...(happened.date === null ? [] : bigEndian(days(happened.date), 2)),
    ...(about === null ? [] : await named(about, 4)),
  ];
}

/** What ties it to its operation; only who has the write token can make it. */
export async function linkOf(write: string, opId: string): Promise<Uint8Array> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", fromBase64url(write), hash, false, ["sign"]);
  const about = Uint8Array.of(...INFO, ...fromHex(opId.replace(/-/g, "")));
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, about)).subarray(0, 8);
}

const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 50 bits of receipt and 6 of choices in 7 bytes; a double holds 53 bits, so in two steps. */
function receiptAnd(receipt: string, choices: number): number[] {
  const bits = [...receipt.slice(0, 10)].map((one) => BASE32.indexOf(one).toString(2).padStart(5, "0")).join("");
  const all = bits + choices.toString(2).padStart(6, "0");
  return (all.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

/** The first bytes of a code's SHA-256: short, and the same whatever reference data the phone has. */
async function named(code: string, bytes: number): Promise<Uint8Array> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return new Uint8Array(hash).subarray(0, bytes);
}

function days(date: string): number {
  return Math.min(65_535, Math.max(0, Math.round((Date.parse(date) - FIRST_DAY) / (24 * 60 * MINUTE))));
}

function bigEndian(number: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(number / 256 ** (bytes - 1 - at)) % 256);
}

/** Letters, digits, `-` and `/`: in GSM 7-bit, in ASCII, and changed by no gateway known. */
function symbols(bytes: Uint8Array): string {
  return base64url(bytes).replace(/_/g, "/");
}
