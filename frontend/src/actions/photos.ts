/** Photos as they leave the camera carry place, time and serial number: every one is drawn anew before it is kept. */
import { uuid7 } from "../model/uuid7";

export interface ReadyPhoto {
  id: string;
  blob: Blob;
  previewUrl: string;
}

/** Not a picture, or one that this phone cannot read. */
export class PhotoBroken extends Error {}

const MOST_PIXELS = 1280;
const QUALITY = 0.8;

/** A JPEG of at most 1280 pixels a side, without metadata. Throws PhotoBroken. */
export async function preparePhoto(file: Blob): Promise<ReadyPhoto> {
  const address = URL.createObjectURL(file);
  try {
    const blob = await redrawn(await decoded(address));
    return { id: uuid7(), blob, previewUrl: URL.createObjectURL(blob) };
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

async function redrawn(image: HTMLImageElement): Promise<Blob> {
  const scale = Math.min(1, MOST_PIXELS / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new PhotoBroken("This browser cannot draw.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size === 0) throw new PhotoBroken("The picture cannot be written.");
  return blob;
}
