/** The microphone. What is said is handed over second by second, so that a crash costs no more than the last one. */

export const MOST_SECONDS = 180;
const PIECE_MS = 1000;
const BITS_PER_SECOND = 16_000;
/** Opus where there is Opus; Safari has AAC in MP4. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** Whom the recording is told. */
export interface Listener {
  /** Whether anybody wants to be heard still, once the phone has let them. */
  wanted(): boolean;
  piece(blob: Blob): void;
  /** How much was said, in seconds. */
  at(seconds: number): void;
  /** It has stopped: by hand, after three minutes, or because something else needed the microphone. */
  ended(): void;
}

/** A recording that is being made. */
export interface Tape {
  pause(): void;
  goOn(): void;
  stop(): void;
}

let going: { recorder: MediaRecorder; over: Promise<void> } | null = null;

/** Ends the recording that is being made, where there is one; resolves once all that was said was handed over. */
export async function endTape(): Promise<void> {
  if (going && going.recorder.state !== "inactive") going.recorder.stop();
  await going?.over;
}

/** Resolves when nobody is speaking, or not any more. */
export async function spoken(): Promise<void> {
  if (going?.recorder.state === "recording") await going.over;
}

export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && !!navigator.mediaDevices?.getUserMedia;
}

/** Begins to record. Throws what the browser throws: NotAllowedError where the person, or the phone, said no. */
export async function tape(listener: Listener): Promise<Tape> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  try {
    // Whoever left while the phone still asked for the microphone does not want to be heard, and may record elsewhere by now.
    if (!listener.wanted()) throw new Error("Nobody is there any more.");
    return recorderOf(stream, listener);
  } catch (trouble) {
    release(stream);
    throw trouble;
  }
}

function recorderOf(stream: MediaStream, { piece, at, ended }: Listener): Tape {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  let said = 0;
  let since = performance.now();
  const count = () => {
    const now = performance.now();
    said += now - since;
    since = now;
  };
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) piece(data);
    if (recorder.state === "recording") count();
    at(said / 1000);
    if (said >= MOST_SECONDS * 1000) stop();
  };
  const over = new Promise<void>((end) => {
    recorder.onstop = () => {
      release(stream);
      ended();
      going = null;
      end();
    };
  });
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  recorder.start(PIECE_MS);
  going = { recorder, over };
  return {
    pause: () => {
      count();
      recorder.pause();
    },
    goOn: () => {
      since = performance.now();
      recorder.resume();
    },
    stop,
  };
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
