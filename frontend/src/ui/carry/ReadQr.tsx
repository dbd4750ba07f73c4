import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Taken, takeBytes } from "../../actions/carrying";
import { t } from "../../i18n";
import { Collection } from "../../model/frames";
import { useSignal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";
import { Outcome } from "./Carrying";
import type { Eye } from "./eyes";

const LOOK_MS = 80;
const MOST_NAMED = 12;

/** Looks through the camera until every frame of a loop was seen; then, and where it could not, it can begin anew. */
export function ReadQr({ eye }: { eye: Promise<Eye | null> }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const seen = useSignal<{ count: number; missing: number[] } | null>(null);
  const end = useSignal<Taken | "no_camera" | null>(null);
  useEffect(() => {
    if (end.value) return;
    let stopped = false;
    const look = async (see: Eye, collection: Collection, picture: HTMLVideoElement): Promise<void> => {
      while (!stopped && !collection.file) {
        const found = (await see(picture).catch(() => [])).filter((text) => collection.add(text));
        if (found.length > 0) seen.value = { count: collection.count, missing: collection.missing };
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      if (collection.file) end.value = await takeBytes(collection.file);
    };
    const watching = watch(video.current, eye).then(async (camera) => {
      if (!camera) end.value = "no_camera";
      else await look(camera.eye, new Collection(), camera.picture).finally(camera.stop);
    });
    watching.catch(() => {
      end.value = "no_camera";
    });
    return () => {
      stopped = true;
    };
  }, [eye, end.value]);
  return (
    <section class="stack" aria-live="polite">
      {end.value === "no_camera" && <Note alarm>{t("qr.no_camera")}</Note>}
      {end.value && end.value !== "no_camera" && <Outcome taken={end.value} />}
      {end.value ? (
        <button
          type="button"
          class="button"
          onClick={() => {
            seen.value = null;
            end.value = null;
          }}
        >
          <Icon sign="qr" />
          {t("qr.read")}
        </button>
      ) : (
        <>
          <p>{t("qr.hold")}</p>
          <video ref={video} class="camera" playsInline muted />
          {seen.value && <p>{progress(seen.value)}</p>}
        </>
      )}
    </section>
  );
}

function progress({ count, missing }: { count: number; missing: number[] }): string {
  const named = missing.slice(0, MOST_NAMED).join(", ") + (missing.length > MOST_NAMED ? " …" : "");
  return t("qr.missing", { seen: count - missing.length, count, missing: named || "–" });
}

interface Camera {
  eye: Eye;
  picture: HTMLVideoElement;
  stop(): void;
}

/** The camera on the back, running; null where there is none that can be used. */
async function watch(picture: HTMLVideoElement | null, eye: Promise<Eye | null>): Promise<Camera | null> {
  const see = await eye;
  if (!see || !picture || !navigator.mediaDevices) return null;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  picture.srcObject = stream;
  try {
    await picture.play();
  } catch (trouble) {
    // Also where somebody left before it had begun.
    stop();
    throw trouble;
  }
  return { eye: see, picture, stop };
}
