/** Nothing speaks on once somebody does not want to be heard, be it a tone, a word or a recording. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hush, sound } from "../../src/actions/sounding";

const pause = vi.fn();
const close = vi.fn(async () => undefined);
const speak = vi.fn();
const cancel = vi.fn();
let toneEnds = () => {};

class Context {
  currentTime = 0;
  destination = {};
  close = close;
  createOscillator() {
    const tone = {
      ...{ frequency: { setValueAtTime: () => undefined }, connect: (to: unknown) => to },
      ...{ start: () => undefined, stop: () => undefined, onended: () => undefined },
    };
    toneEnds = () => tone.onended();
    return tone;
  }
  createGain = () => ({ gain: { value: 0 }, connect: (to: unknown) => to });
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("document", { querySelectorAll: (name: string) => (name === "audio" ? [{ pause }, { pause }] : []) });
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("SpeechSynthesisUtterance", class {});
  const getVoices = () => [{ lang: "ky-KG", localService: true }];
  vi.stubGlobal("speechSynthesis", { getVoices, speak, cancel });
});

afterEach(() => vi.unstubAllGlobals());

it("pauses every recording, ends the tones and takes back the words that would follow", () => {
  sound([440], "Saved");
  vi.clearAllMocks();
  hush();
  toneEnds();
  expect([pause, close, cancel, speak].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 1, 0]);
});

it("speaks after the tones, and lets a recording be that somebody has begun meanwhile", () => {
  sound([440], "Saved");
  expect(pause).toHaveBeenCalledTimes(2);
  toneEnds();
  expect([pause, close, speak].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 1]);
});
