/** Codes are read through the camera for as long as somebody wants it, and as often. */
import { h } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as page from "./page";
import { draw, drawn, Place } from "./page";

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { hash: "", pathname: "/", origin: "https://aryk.example" });
vi.stubGlobal("history", { state: {} });
vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, 0));
vi.stubGlobal("cancelAnimationFrame", clearTimeout);
const getUserMedia = vi.fn(async () => ({ getTracks: () => [{ stop: () => {} }] }));
vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
const play = vi.fn(async () => undefined);
Object.assign(Place.prototype, { play });

const { speak, t } = await import("../../src/i18n");
const { ReadQr } = await import("../../src/ui/carry/ReadQr");
const eye = Promise.resolve(async () => []);

beforeEach(async () => {
  vi.clearAllMocks();
  page.open();
  await speak("ky");
});

afterEach(() => draw(null));

it("can begin anew where the camera was refused at first", async () => {
  getUserMedia.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
  draw(h(ReadQr, { eye }));
  await vi.waitFor(async () => expect((await drawn()).text).toContain(t("qr.no_camera")));
  (await drawn()).one("button", t("qr.read")).fire("click");
  await vi.waitFor(() => expect(play).toHaveBeenCalled());
  expect((await drawn()).text).toBe(t("qr.hold"));
});

it("leaves no camera on where somebody leaves before its picture has begun", async () => {
  const stop = vi.fn();
  getUserMedia.mockResolvedValueOnce({ getTracks: () => [{ stop }] });
  let left = (_: Error) => {};
  play.mockReturnValueOnce(
    new Promise((_, failed) => {
      left = failed;
    }),
  );
  draw(h(ReadQr, { eye }));
  await vi.waitFor(() => expect(play).toHaveBeenCalled());
  draw(null);
  left(new DOMException("", "AbortError"));
  await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce());
});
