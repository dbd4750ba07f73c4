/** Photos as they leave the camera carry place, time and serial number: every one is drawn anew before it is kept. */
import { uuid7 } from "../model/uuid7";
import { type ReadyMedium, ready } from "./drafting";

/** Not a picture, or one that this phone cannot read. */
export class PhotoBroken extends Error {}

const MOST_PIXELS = 1280;
const QUALITY = 0.8;
const PREVIEW_BYTES = 12_000;
const PREVIEW_PIXELS = [320, 240, 160, 80];
const PREVIEW_QUALITY = 0.5;

/** A JPEG of at most 1280 pixels a side, without metadata. Throws PhotoBroken. */
export async function preparePhoto(file: Blob): Promise<ReadyMedium> {
  const address = URL.createObjectURL(file);
  try {
    const blob = await redrawn(await decoded(address), MOST_PIXELS, QUALITY);
    return ready(uuid7(), blob);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The same picture in at most 12,000 bytes, so that an office sees something within seconds. Throws PhotoBroken. */
export async function previewOf(photo: Blob): Promise<Blob> {
  const address = URL.createObjectURL(photo);
  try {
    const image = await decoded(address);
    for (const pixels of PREVIEW_PIXELS) {
      const blob = await redrawn(image, pixels, PREVIEW_QUALITY);
      if (blob.size <= PREVIEW_BYTES) return blob;
    }
    throw new PhotoBroken("The picture does not become small.");
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** An element and not createImageBitmap: it turns the picture the right way up in every browser we serve. */
async function decoded(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch {
    throw new PhotoBroken("The picture cannot be read.");
  }
  if (image.naturalWidth === 0 || image.naturalHeight === 0) throw new PhotoBroken("The picture is empty.");
  return image;
}

async function redrawn(image: HTMLImageElement, most: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, most / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new PhotoBroken("This browser cannot draw.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob || blob.size === 0) throw new PhotoBroken("The picture cannot be written.");
  return blob;
}
