import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { canRecord, keepPart, MOST_SECONDS, type ReadyMedium, readyMedium, type Tape, tape } from "../../actions";
import { t } from "../../i18n";
import { MOST_RECORDINGS } from "../../model/limits";
import { uuid7 } from "../../model/uuid7";
import { signal, useSignal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";
import { addMedium, draft, recordings, removeMedium } from "./draft";

interface Taping {
  tape: Tape;
  seconds: number;
  paused: boolean;
}

/** The recording that is being made. */
export const taping = signal<Taping | null>(null);

/** Where the recordings belong, and what is done with them. */
interface Recorder {
  /** Kept on the phone under this while it is said. */
  of: string;
  recordings: ReadyMedium[];
  most: number;
  add: (recording: ReadyMedium, of: string) => void;
  remove: (recording: ReadyMedium) => void;
}

/** What happened, said instead of written. */
export function Voice(): JSX.Element {
  return (
    <Recorder
      of={draft.value.id}
      recordings={recordings.value}
      most={MOST_RECORDINGS}
      add={addMedium}
      remove={removeMedium}
    />
  );
}

/** Kept on the phone while it is said, and listened to before it is sent. */
export function Recorder({ of, recordings, most, add, remove }: Recorder): JSX.Element {
  const trouble = useSignal<"refused" | "none" | null>(null);
  const asking = useSignal(false);
  useEffect(
    () => () => {
      asking.value = false;
      taping.value?.tape.stop();
    },
    [],
  );
  const press = async () => {
    trouble.value = null;
    asking.value = true;
    try {
      await begin(of, add, () => asking.value);
    } catch (reason) {
      trouble.value = (reason as Error).name === "NotAllowedError" ? "refused" : "none";
    }
    asking.value = false;
  };
  if (!canRecord()) return <Note>{t("voice.none")}</Note>;
  return (
    <section class="stack">
      {recordings.map((one) => (
        <Recorded key={one.id} recording={one} remove={remove} />
      ))}
      {taping.value && <Running taping={taping.value} />}
      {!taping.value && recordings.length < most && (
        <button type="button" class="button big" disabled={asking.value} onClick={press}>
          <Icon sign="voice" />
          {t("voice.record")}
        </button>
      )}
      {trouble.value && <Note alarm>{t(`voice.${trouble.value}`)}</Note>}
    </section>
  );
}

async function begin(of: string, add: Recorder["add"], wanted: () => boolean): Promise<void> {
  const id = uuid7();
  const pieces: Blob[] = [];
  const made = await tape({
    wanted,
    piece: (blob) => {
      keepPart(of, id, blob, pieces.length);
      pieces.push(blob);
    },
    at: (seconds) => change({ seconds }),
    ended: () => {
      taping.value = null;
      const [first] = pieces;
      if (first) add(readyMedium(id, new Blob(pieces, { type: first.type })), of);
    },
  });
  taping.value = { tape: made, seconds: 0, paused: false };
}

function change(to: Partial<Taping>): void {
  if (taping.value) taping.value = { ...taping.value, ...to };
}

function Running({ taping: { tape, seconds, paused } }: { taping: Taping }): JSX.Element {
  const press = () => {
    if (paused) tape.goOn();
    else tape.pause();
    change({ paused: !paused });
  };
  return (
    <div class="card">
      <p class="taping">
        <span class={paused ? undefined : "moving"}>
          <Icon sign="voice" />
        </span>
        {`${minutes(seconds)} / ${minutes(MOST_SECONDS)}`}
      </p>
      <div class="pair">
        <button type="button" class="button" onClick={press}>
          <Icon sign={paused ? "voice" : "pause"} />
          {t(paused ? "voice.go_on" : "voice.pause")}
        </button>
        <button type="button" class="button main" onClick={() => tape.stop()}>
          <Icon sign="check" />
          {t("voice.done")}
        </button>
      </div>
    </div>
  );
}

function Recorded({ recording, remove }: { recording: ReadyMedium; remove: Recorder["remove"] }): JSX.Element {
  const sure = useSignal(false);
  const press = () => {
    if (sure.value) remove(recording);
    sure.value = true;
  };
  return (
    <div class="card">
      {/* biome-ignore lint/a11y/useMediaCaption: it is the person's own voice */}
      <audio class="sound" controls src={recording.url} aria-label={t("voice.own")} />
      <button type="button" class={sure.value ? "button alarm" : "button plain"} onClick={press}>
        <Icon sign="withdrawn" />
        {t(sure.value ? "voice.sure" : "voice.delete")}
      </button>
    </div>
  );
}

/** "2:05". */
function minutes(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
