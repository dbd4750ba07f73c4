import { expect, it, vi } from "vitest";
import { tape } from "../../src/actions/voice";

it("records nothing of whoever left while the phone asked, and lets the microphone go", async () => {
  const stop = vi.fn();
  const made = vi.fn();
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop }] }) } });
  vi.stubGlobal("MediaRecorder", made);
  const nobody = { wanted: () => false, piece: made, at: made, ended: made };
  await expect(tape(nobody)).rejects.toThrow();
  expect([stop.mock.calls.length, made.mock.calls.length]).toEqual([1, 0]);
});
