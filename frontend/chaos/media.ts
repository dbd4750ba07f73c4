/** Photos and recordings of a few kB that the server can decode, sealed as the app seals them. */
import type { WireMedium } from "../src/model";
import { sha256 } from "../src/model/bytes";
import { sealMedium } from "../src/model/media";
import type { Dice } from "./dice";

/** A small JPEG and a recording. */
export interface Samples {
  photo: Uint8Array<ArrayBuffer>;
  voice: Uint8Array<ArrayBuffer>;
}

export interface Sealed {
  wire: WireMedium;
  bytes: ArrayBuffer;
}

/** A photo with its preview, a recording, or all three, in the app's order. */
export async function mediaFor(dice: Dice, { photo, voice }: Samples): Promise<Sealed[]> {
  const kind = dice.weighed({ photo: 5, voice: 2, both: 1 });
  const all: Sealed[] = [];
  if (kind !== "voice") {
    // Two chunks of one in five, so that something can happen between them.
    all.push(await sealed(longer(photo, dice.happens(0.2) ? 70_000 : dice.whole(0, 3_000)), "photo"));
    all.push(await sealed(photo, "preview"));
  }
  if (kind !== "photo") all.push(await sealed(voice, "voice"));
  return all;
}

export async function sealed(plain: Uint8Array<ArrayBuffer>, role: WireMedium["role"]): Promise<Sealed> {
  const { id, key, bytes } = await sealMedium(plain.slice().buffer);
  const mime = role === "voice" ? "audio/ogg" : "image/jpeg";
  const wire = { id, key, sha256: await sha256(bytes), bytes: bytes.byteLength, mime, role };
  return { wire, bytes: bytes.buffer };
}

const MOST_COMMENT = 65_533;

/** The same picture with so many bytes more, in comments behind its first marker. */
function longer(jpeg: Uint8Array<ArrayBuffer>, more: number): Uint8Array<ArrayBuffer> {
  const comments: Uint8Array[] = [];
  for (let left = more; left > 0; left -= MOST_COMMENT) {
    const length = 2 + Math.min(left, MOST_COMMENT);
    const comment = new Uint8Array(2 + length);
    comment.set([0xff, 0xfe, length >> 8, length & 255]);
    comments.push(comment);
  }
  return new Uint8Array([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)].flatMap((part) => [...part]));
}
