import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { pauseLeft } from "../../actions";
import { t } from "../../i18n";
import type { LockKind } from "../../model";
import { useSignal } from "../../signals";
import { CategoryIcon, Icon } from "../icons";
import { Note } from "../Screen";

const LEAST = 4;
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
/** What everybody has a name for and nobody is suspected for. Their places are the code, so they never change places. */
const PICTURES = ["water-gate", "pasture", "road", "school", "clinic", "electricity", "crossing", "services", "dirty"];

/** One of them for each of those who share the phone. */
export function Face({ place }: { place: number }): JSX.Element {
  return <CategoryIcon icon={PICTURES[place % PICTURES.length] ?? ""} />;
}

interface Asking {
  kind: LockKind;
  label: string;
  done: (code: string) => Promise<unknown>;
}

/** A code, touched and not typed: no keyboard covers half the screen, and none remembers it. */
export function Code({ kind, label, done }: Asking): JSX.Element {
  const code = useSignal("");
  const busy = useSignal(false);
  const failed = useSignal(false);
  const asked = useRef<HTMLHeadingElement>(null);
  const finish = async () => {
    busy.value = true;
    failed.value = false;
    try {
      await done(code.value);
    } catch {
      // The code was right, and what it changes does not fit.
      failed.value = true;
    }
    code.value = "";
    busy.value = false;
    // What was pressed last can be pressed no more; a screen reader says what is asked now.
    asked.current?.focus({ preventScroll: true });
  };
  const erase = () => {
    code.value = code.value.slice(0, -1);
  };
  const touch = (at: number) => () => {
    code.value += at;
  };
  return (
    <section class="stack" aria-busy={busy.value}>
      <h2 ref={asked} tabIndex={-1}>
        {label}
      </h2>
      {failed.value && <Note alarm>{t("storage.full")}</Note>}
      <p class="code" role="status" aria-label={`${code.value.length}`}>
        {"●".repeat(code.value.length).padEnd(LEAST, "○")}
      </p>
      <fieldset class={`pad ${kind}`} disabled={busy.value}>
        {kind === "pin"
          ? DIGITS.map((digit) => <Key key={digit} says={digit} press={touch(digit)} />)
          : PICTURES.map((icon, at) => (
              <Key key={icon} says={<Face place={at} />} name={t("lock.picture", { n: at + 1 })} press={touch(at)} />
            ))}
        <Key says={<Icon sign="back" />} name={t("lock.erase")} press={erase} off={!code.value} />
        <Key says={<Icon sign="check" />} name={t("next")} press={finish} off={code.value.length < LEAST} />
      </fieldset>
    </section>
  );
}

interface Pressed {
  says: ComponentChildren;
  name?: string;
  press: () => void;
  off?: boolean;
}

function Key({ says, name, press, off }: Pressed): JSX.Element {
  return (
    <button type="button" class="button" disabled={off} aria-label={name} onClick={press}>
      {says}
    </button>
  );
}

/** What came of the last try; after too many wrong ones it counts the pause down. */
export function Trouble({ outcome, tries }: { outcome: string | null; tries: number }): JSX.Element | null {
  const left = useSignal(0);
  useEffect(() => {
    const look = async () => {
      left.value = Math.ceil((await pauseLeft()) / 1000);
    };
    void look();
    const looking = setInterval(look, 1000);
    return () => clearInterval(looking);
  }, [tries]);
  if (left.value > 0) return <Note alarm>{t("lock.wait", { n: left.value })}</Note>;
  return outcome && outcome !== "wait" ? <Note alarm>{t(`lock.${outcome}`)}</Note> : null;
}
