/** What the phone lets somebody say is what the server takes: its own tests read the same file. */
import { expect, it } from "vitest";
import limits from "../../../tests/vectors/limits.json";
import {
  MOST_OF_IDENTITY,
  MOST_PHOTOS,
  MOST_REASON,
  MOST_RECORDINGS,
  MOST_TEXT,
  TELLS_THE_VILLAGE_M,
} from "../../src/model/limits";

it("keeps to the server's limits", () => {
  expect({
    text: MOST_TEXT,
    reason: MOST_REASON,
    identity: MOST_OF_IDENTITY,
    recordings: MOST_RECORDINGS,
    tells_the_village_m: TELLS_THE_VILLAGE_M,
  }).toEqual({ ...limits, media: undefined });
});

it("has room in a report for all its photos with their previews, and its recordings", () => {
  expect(2 * MOST_PHOTOS + MOST_RECORDINGS).toBeLessThanOrEqual(limits.media);
});
