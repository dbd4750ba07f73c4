import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pauseLeft } from "../../actions";
import { t } from "../../i18n";
import type { LockKind } from "../../model";
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
  const finish = async () => {
    busy.value = true;
    await done(code.value);
    code.value = "";
    busy.value = false;
  };
  const key = (says: ComponentChildren, name: string | undefined, press: () => void, off = false) => (
    <button type="button" class="button" disabled={off || busy.value} aria-label={name} onClick={press}>
      {says}
    </button>
  );
  const touch = (at: number) => () => {
    code.value += at;
  };
  return (
    <section class="stack" aria-busy={busy.value}>
      <h2>{label}</h2>
      <p class="code" role="status" aria-label={`${code.value.length}`}>
        {"●".repeat(code.value.length).padEnd(LEAST, "○")}
      </p>
      <div class={`pad ${kind}`}>
        {kind === "pin" && DIGITS.map((digit) => key(digit, undefined, touch(digit)))}
        {kind === "pictures" &&
          PICTURES.map((icon, at) => key(<CategoryIcon icon={icon} />, t("lock.picture", { n: at + 1 }), touch(at)))}
        {key(
          <Icon sign="back" />,
          t("lock.erase"),
          () => {
            code.value = code.value.slice(0, -1);
          },
          !code.value,
        )}
        {key(<Icon sign="check" />, t("next"), finish, code.value.length < LEAST)}
      </div>
    </section>
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
