/** UUID version 7 (RFC 9562): 48 bits of time, 74 of chance. `crypto.randomUUID` is missing on browsers we serve. */
import { hex } from "./bytes";

/** `random` gives 10 bytes. */
export function uuid7(
  milliseconds: number = Date.now(),
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(10)),
): string {
  const bytes = new Uint8Array(16);
  const time = Math.max(0, Math.floor(milliseconds));
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(time / 2 ** (40 - 8 * at)) % 256;
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
