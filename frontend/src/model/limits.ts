/** How much of each the server takes, as docs/sync.md says: tests/vectors/limits.json. */

/** Letters of what is reported, replied or noted. */
export const MOST_TEXT = 5000;
/** Letters of why. */
export const MOST_REASON = 2000;
export const MOST_OF_IDENTITY = { name: 200, address: 300, contact: 200 };
export const MOST_RECORDINGS = 3;
/** Each goes with a preview. */
export const MOST_PHOTOS = 4;
/** To within how much a position tells the village. */
export const TELLS_THE_VILLAGE_M = 2000;
