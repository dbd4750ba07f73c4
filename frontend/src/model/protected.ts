/**
 * Who makes a signal, for the mediators alone: torn in two, each half sealed to one of the two keys of their group, so that it takes two of
 * them to put it together. See docs/sync.md and ADR 13.
 */
import { base64url, fromBase64url, fromHex, joined, sha256 } from "./bytes";
import { sealBase } from "./hpke";
import type { Identity, SealedHalf } from "./wire";

type Bytes = Uint8Array<ArrayBuffer>;

export const HALF_BYTES = 512;
/** So many letters of each that both fit into a half, in whatever script. */
export const MOST_PROTECTED = 85;
const PURPOSE = new TextEncoder().encode("aryk protected 1");

/** As much of both as fits. */
export function fitting({ name, contact }: Identity): Pick<Identity, "name" | "contact"> {
  return { name: name.slice(0, MOST_PROTECTED), contact: contact.slice(0, MOST_PROTECTED) };
}

/** Name and contact to the two points, the first key's first. Throws when both together are longer than a half. */
export async function torn({ name, contact }: Identity, points: string[], reportId: string) {
  const words = new Uint8Array(HALF_BYTES);
  words.set(new TextEncoder().encode(`${name}\n${contact}`));
  const noise = crypto.getRandomValues(new Uint8Array(HALF_BYTES));
  const halves = [noise, mixed(words, noise)];
  const [first, second] = await Promise.all(
    halves.map((half, at) => sealHalf(half, at + 1, fromBase64url(points[at] ?? ""), reportId)),
  );
  return { first, second } as { first: SealedHalf; second: SealedHalf };
}

export function mixed(one: Bytes, other: Bytes): Bytes {
  return one.map((byte, at) => byte ^ (other[at] ?? 0));
}

/** Half `n`, 1 or 2, for the owner of a point; it opens as that half of that report and as nothing else. */
export async function sealHalf(half: Bytes, n: number, point: Bytes, reportId: string): Promise<SealedHalf> {
  const key = await keyId(point);
  const { enc, ct } = await sealBase(point, halfInfo(key, n, reportId), half);
  return { key, sealed: base64url(joined(enc, ct)) };
}

/** The first 8 bytes of the point's SHA-256 in hex. */
export async function keyId(point: Bytes): Promise<string> {
  return (await sha256(point)).slice(0, 16);
}

export function halfInfo(key: string, n: number, reportId: string): Bytes {
  return joined(PURPOSE, fromHex(key), Uint8Array.of(n), fromHex(reportId.replace(/-/g, "")));
}
