import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { lock, mediator } from "../../actions";
import { type KnownKey, knownKeys, makeKey, signsOf } from "../../actions/opening";
import { named, t } from "../../i18n";
import { Code, Trouble } from "../lock/Code";
import { go } from "../route";
import { Note, Screen } from "../Screen";

const PLACES = [1, 2];

/** The group's two keys: who holds which, and making one on this phone. */
export function Keys(): JSX.Element {
  const known = useSignal<KnownKey[] | "asking" | "failed">("asking");
  const making = useSignal<{ office: string; place: number } | null>(null);
  const made = useSignal(false);
  const ask = () =>
    knownKeys().then(
      (keys) => {
        known.value = keys;
      },
      () => {
        known.value = "failed";
      },
    );
  useEffect(() => {
    void ask();
  }, []);
  const keys = known.value;
  if (making.value) {
    const done = () => {
      making.value = null;
      made.value = true;
      void ask();
    };
    return <Make {...making.value} done={done} />;
  }
  return (
    <Screen title={t("room.keys")} parent="/room">
      <p>{t("room.keys_means")}</p>
      {made.value && <Note>{t("room.key_made")}</Note>}
      {keys === "asking" && <p role="status">{t("loading")}</p>}
      {keys === "failed" && <Note alarm>{t("room.keys_offline")}</Note>}
      {typeof keys === "object" &&
        !made.value &&
        mediator.value?.offices.map(({ code, names }) => {
          const own = keys.filter(({ office }) => office === code);
          return (
            <section key={code} class="stack">
              <h2>{named(names)}</h2>
              {own.length === PLACES.length && (
                <p>
                  {`${t("phone.group_key")}: `}
                  <Signs points={own.map((one) => one.public)} />
                </p>
              )}
              {PLACES.map((place) => (
                <Place
                  key={place}
                  place={place}
                  held={own.find((one) => one.place === place)}
                  other={own.some((one) => one.mine && one.place !== place)}
                  make={() => {
                    making.value = { office: code, place };
                  }}
                />
              ))}
            </section>
          );
        })}
    </Screen>
  );
}

interface Shown {
  place: number;
  held: KnownKey | undefined;
  /** Somebody who holds the other key cannot have this one too. */
  other: boolean;
  make: () => void;
}

function Place({ place, held, other, make }: Shown): JSX.Element {
  return (
    <div class="card stack tight">
      <p>
        <strong>{t("room.key", { n: place })}</strong> · {held ? held.by : t("room.key_none")}
      </p>
      {held && <Signs points={[held.public]} />}
      {!other && (
        <button type="button" class={held ? "button plain" : "button"} onClick={make}>
          {t(held ? "room.key_replace" : "room.key_make")}
        </button>
      )}
    </div>
  );
}

/** The fingerprint of a key, or of the group's both. */
export function Signs({ points }: { points: string[] }): JSX.Element {
  const signs = useSignal("");
  useEffect(() => {
    void signsOf(points).then((found) => {
      signs.value = found;
    });
  }, [points.join()]);
  return <span class="receipt">{signs.value}</span>;
}

/** The profile's code again: whoever has the phone in hand for a moment makes no key with it. */
function Make({ office, place, done }: { office: string; place: number; done: () => void }): JSX.Element {
  const outcome = useSignal<string | null>(null);
  const tries = useSignal(0);
  const make = async (code: string) => {
    const came = await makeKey(office, place, code);
    if (came === "done") return done();
    outcome.value = came;
    tries.value++;
  };
  return (
    <Screen title={t("room.key_make")} parent="/room">
      <Note>{t("room.key_lost")}</Note>
      {lock.value ? (
        <>
          {outcome.value === "short" ? (
            <Note alarm>{t("room.key_short")}</Note>
          ) : (
            <Trouble outcome={outcome.value} tries={tries.value} />
          )}
          <Code kind={lock.value} label={t("lock.enter")} done={make} />
        </>
      ) : (
        <>
          <Note alarm>{t("room.key_short")}</Note>
          <button type="button" class="button main" onClick={() => go("/phone")}>
            {t("home.phone")}
          </button>
        </>
      )}
    </Screen>
  );
}
