/** Whoever asks where the phone is gets an answer, whatever the browser waits for. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { locate } from "../../src/actions/locating";

const getCurrentPosition = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { geolocation: { getCurrentPosition } });
});

afterEach(() => {
  vi.useRealTimers();
});

it("is given up where nobody answers whether the phone may say it", async () => {
  const ended = vi.fn();
  const located = locate().catch(ended);
  // A minute may go by until it is found.
  await vi.advanceTimersByTimeAsync(61_000);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toHaveBeenCalledOnce();
  await located;
});

it("is where the phone is, as soon as it says so", async () => {
  const located = locate();
  const [found] = getCurrentPosition.mock.lastCall ?? [];
  found({ coords: { latitude: 40, longitude: 70, accuracy: 12.4 } });
  expect(await located).toEqual({ lat: 40, lon: 70, accuracy_m: 12 });
});
