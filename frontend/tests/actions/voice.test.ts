import { afterEach, expect, it, vi } from "vitest";
import { tape } from "../../src/actions/voice";

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["audio/webm;codecs=opus", ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"]],
  ["audio/ogg;codecs=opus", ["audio/mp4", "audio/ogg;codecs=opus"]],
  ["audio/mp4", ["audio/mp4"]],
])("records one channel at 16 kbit/s, as %s where the phone knows %j", async (chosen, known) => {
  const asked: MediaStreamConstraints[] = [];
  const made: MediaRecorderOptions[] = [];
  class Recorder {
    static isTypeSupported = (type: string) => known.includes(type);
    state = "inactive";
    constructor(_: unknown, options: MediaRecorderOptions) {
      made.push(options);
    }
    start() {}
  }
  const getUserMedia = async (what: MediaStreamConstraints) => {
    asked.push(what);
    return { getTracks: () => [] };
  };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("MediaRecorder", Recorder);
  const nothing = () => undefined;
  await tape({ wanted: () => true, piece: nothing, at: nothing, ended: nothing });
  expect(asked).toEqual([{ audio: { channelCount: 1 } }]);
  expect(made).toEqual([{ mimeType: chosen, audioBitsPerSecond: 16_000 }]);
});

it("records nothing of whoever left while the phone asked, and lets the microphone go", async () => {
  const stop = vi.fn();
  const made = vi.fn();
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop }] }) } });
  vi.stubGlobal("MediaRecorder", made);
  const nobody = { wanted: () => false, piece: made, at: made, ended: made };
  await expect(tape(nobody)).rejects.toThrow();
  expect([stop.mock.calls.length, made.mock.calls.length]).toEqual([1, 0]);
});
