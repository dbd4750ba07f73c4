/** Reading QR codes where the browser cannot: only in the mediators' room and on the page for desks, for it is 13 kB. */
import decodeQR from "qr/decode.js";
import { type Eye, ownEye } from "./eyes";

const MOST_PIXELS = 960;

/** One eye for as long as the page lives. */
export const decoding: Promise<Eye> = ownEye().then((own) => own ?? looking());

function looking(): Eye {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, MOST_PIXELS / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!pen || canvas.width === 0) return [];
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return [decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height))];
    } catch {
      return [];
    }
  };
}
