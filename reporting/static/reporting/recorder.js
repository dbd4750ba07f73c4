// A recording made on the page itself goes into the file field beside it, and from there the way of every file.
// Where the browser records nothing, or without this script, there is the field alone.

const MOST_SECONDS = 180;
const BITS_PER_SECOND = 32_000;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

for (const part of document.querySelectorAll(".recorder")) makeRecorder(part);

/** @param {Element} part */
function makeRecorder(part) {
  const field = /** @type {HTMLInputElement} */ (part.querySelector("input[type=file]"));
  const [start, stop, drop] = ["start", "stop", "drop"].map(
    (name) => /** @type {HTMLButtonElement} */ (part.querySelector(`[data-do=${name}]`)),
  );
  const player = /** @type {HTMLAudioElement} */ (part.querySelector("audio"));
  const trouble = /** @type {HTMLElement} */ (part.querySelector("[role=alert]"));
  const time = /** @type {HTMLElement} */ (part.querySelector("output"));
  if (!start || !stop || !drop || typeof MediaRecorder === "undefined" || !navigator.mediaDevices) return;

  /** @type {MediaRecorder | null} */
  let recorder = null;
  let sending = false;
  const show = () => {
    const file = field.files?.[0];
    start.hidden = !!recorder || !!file;
    stop.hidden = !recorder;
    field.hidden = !!recorder;
    drop.hidden = player.hidden = !!recorder || !file;
    URL.revokeObjectURL(player.src);
    if (file && !recorder) player.src = URL.createObjectURL(file);
    else player.removeAttribute("src");
  };

  start.onclick = async () => {
    trouble.hidden = true;
    start.disabled = true;
    time.textContent = "0:00";
    try {
      recorder = record(await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }), time, (file) => {
        recorder = null;
        field.files = file;
        show();
        if (sending) field.form?.submit();
      });
    } catch {
      trouble.hidden = false;
    }
    start.disabled = false;
    show();
    if (recorder) stop.focus();
  };
  stop.onclick = () => recorder?.stop();
  drop.onclick = () => {
    field.value = "";
    show();
    start.focus();
  };
  field.onchange = show;
  field.form?.addEventListener("submit", (event) => {
    sending = true;
    if (!recorder) return;
    // Whoever sends while it still records means what was said so far.
    event.preventDefault();
    recorder.stop();
  });
  // What was recorded and not sent is nowhere else.
  addEventListener("beforeunload", (event) => {
    if (!sending && (recorder || field.files?.length)) event.preventDefault();
  });
  show();
}

/**
 * Begins at once. Throws when nothing can be recorded from this microphone.
 * @param {MediaStream} stream
 * @param {HTMLElement} time shows how long it is
 * @param {(file: FileList) => void} done
 */
function record(stream, time, done) {
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    /** @type {Blob[]} */
    const pieces = [];
    let seconds = 0;
    const clock = setInterval(() => {
      seconds += 1;
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= MOST_SECONDS && recorder.state !== "inactive") recorder.stop();
    }, 1000);
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      clearInterval(clock);
      release();
      const kept = new DataTransfer();
      kept.items.add(new File(pieces, "recording", { type: recorder.mimeType }));
      done(kept.files);
    };
    recorder.start();
    return recorder;
  } catch (refusal) {
    release();
    throw refusal;
  }
}
