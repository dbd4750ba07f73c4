/** Where the phone is, when the person asks for it. */
import type { Position } from "../model";

const PATIENCE_MS = 60_000;
const FRESH_MS = 120_000;

/** Rejects when the phone cannot say it, or may not. It can take a minute: nobody should wait for it. */
export function locate(): Promise<Position> {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) throw new Error("This browser does not know where it is.");
    // Its own patience begins once the person has let it: who leaves the question unanswered waits for nothing.
    setTimeout(reject, 2 * PATIENCE_MS);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) }),
      reject,
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}
