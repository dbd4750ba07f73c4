import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { connection, lock, mediator } from "../../actions";
import { end } from "../../actions/mediating";
import {
  codeFits,
  type DrawnKey,
  drawKey,
  type KnownKey,
  knownKeys,
  makeKey,
  NotAllowed,
  signsOf,
  takeFromPaper,
  type Unsettled,
  unsettled,
} from "../../actions/opening";
import { named, t } from "../../i18n";
import type { Named } from "../../model";
import { useSignal } from "../../signals";
import { useDoing } from "../doing";
import { sentence } from "../explain";
import { useFound } from "../found";
import { Code, Trouble } from "../lock/Code";
import { go } from "../route";
import { Note, Screen } from "../Screen";

const PLACES = [1, 2];

type Doing = { make: { office: string; place: number } } | { take: KnownKey };

/** The group's two keys: who holds which; making one on this phone, or taking one's own from paper. */
export function Keys(): JSX.Element {
  const known = useSignal<KnownKey[] | "asking" | "failed">("asking");
  const doing = useSignal<Doing | null>(null);
  const said = useSignal<"room.key_made" | "room.key_taken" | null>(null);
  const ask = () =>
    knownKeys().then(
      (keys) => {
        known.value = keys;
      },
      (trouble) => {
        if (trouble instanceof NotAllowed) void end();
        else known.value = "failed";
      },
    );
  const heard = connection.value.lastSyncMs;
  useEffect(() => {
    void ask();
  }, [heard]);
  const made = useFound(unsettled, `${heard}${said.value}`) ?? [];
  const done = (what: "room.key_made" | "room.key_taken") => () => {
    doing.value = null;
    said.value = what;
    void ask();
  };
  const now = doing.value;
  if (now && "make" in now) return <Make {...now.make} done={done("room.key_made")} />;
  if (now) return <Take known={now.take} done={done("room.key_taken")} />;
  const keys = known.value;
  return (
    <Screen title={t("room.keys")} parent="/room">
      <p>{t("room.keys_means")}</p>
      {said.value && <Note>{t(said.value)}</Note>}
      {keys === "asking" && <p role="status">{t("loading")}</p>}
      {keys === "failed" && <Note alarm>{t("room.keys_offline")}</Note>}
      {/* What was made a moment ago is not known there yet. */}
      {typeof keys === "object" &&
        said.value !== "room.key_made" &&
        mediator.value?.offices.map((group) => (
          <Group
            key={group.code}
            group={group}
            keys={keys.filter(({ office }) => office === group.code)}
            made={made.filter(({ said }) => said.type === "group.key" && said.body.office === group.code)}
            begin={(what) => {
              doing.value = what;
            }}
          />
        ))}
    </Screen>
  );
}

interface Held {
  group: Named;
  keys: KnownKey[];
  /** Keys that were made here and do not count yet. */
  made: Unsettled[];
  begin: (what: Doing) => void;
}

function Group({ group, keys, made, begin }: Held): JSX.Element {
  const under = made.some(({ refusal }) => refusal === null);
  const present = keys.filter(({ retired }) => !retired);
  const old = keys.filter(({ retired, here }) => retired && !here);
  return (
    <section class="stack">
      <h2>{named(group.names)}</h2>
      {under && <Note>{t("room.key_made")}</Note>}
      <Refusals of={made} />
      {present.length === PLACES.length && (
        <p>
          {`${t("phone.group_key")}: `}
          <Signs points={present.map((one) => one.public)} />
        </p>
      )}
      {PLACES.map((place) => (
        <Place
          key={place}
          place={place}
          held={present.find((one) => one.place === place)}
          other={under || present.some((one) => one.mine && one.place !== place)}
          make={() => begin({ make: { office: group.code, place } })}
          take={(key) => begin({ take: key })}
        />
      ))}
      {old.map((key) => (
        <button key={key.public} type="button" class="button plain" onClick={() => begin({ take: key })}>
          {t("room.key_old")} <Signs points={[key.public]} />
        </button>
      ))}
    </section>
  );
}

interface Shown {
  place: number;
  held: KnownKey | undefined;
  /** Somebody who holds the other key, or whose own is on its way, cannot have this one too. */
  other: boolean;
  make: () => void;
  take: (key: KnownKey) => void;
}

function Place({ place, held, other, make, take }: Shown): JSX.Element {
  return (
    <div class="card stack tight">
      <p>
        <strong>{t("room.key", { n: place })}</strong> · {held ? held.by : t("room.key_none")}
      </p>
      {held && <Signs points={[held.public]} />}
      {held?.mine && !held.here && (
        <button type="button" class="button" onClick={() => take(held)}>
          {t("room.key_take")}
        </button>
      )}
      {!other && (
        <button type="button" class={held ? "button plain" : "button"} onClick={make}>
          {t(held ? "room.key_replace" : "room.key_make")}
        </button>
      )}
    </div>
  );
}

/** Why the server did not take what was said here. */
export function Refusals({ of }: { of: Unsettled[] }): JSX.Element {
  const refused = of.flatMap(({ refusal }) => refusal ?? []);
  return (
    <>
      {[...new Set(refused)].map((code) => (
        <Note key={code} alarm>
          {sentence(code)}
        </Note>
      ))}
    </>
  );
}

/** The fingerprint of a key, or of the group's both. */
export function Signs({ points }: { points: string[] }): JSX.Element {
  return <span class="receipt">{useFound(() => signsOf(points), points.join())}</span>;
}

function Make({ office, place, done }: { office: string; place: number; done: () => void }): JSX.Element {
  const drawn = useSignal<DrawnKey | null>(null);
  const { doing, failed } = useDoing();
  const key = drawn.value;
  if (key) {
    const written = (
      <button
        type="button"
        class="button main wide"
        onClick={doing(async () => {
          await makeKey(office, place, key);
          done();
        })}
      >
        {t("room.key_written")}
      </button>
    );
    return (
      <Screen title={t("room.key_paper")} parent="/room" dock={written}>
        <p>{t("room.key_paper_means")}</p>
        {failed}
        <p class="receipt large" style={{ whiteSpace: "normal" }}>
          {key.paper}
        </p>
      </Screen>
    );
  }
  const make = async () => {
    drawn.value = await drawKey();
  };
  return (
    <Screen title={t("room.key_make")} parent="/room">
      <Note>{t("room.key_lost")}</Note>
      <UnderTheLock open={make} />
    </Screen>
  );
}

/** The paper is read first, so that the code's pad is not in the way of the keyboard. */
function Take({ known, done }: { known: KnownKey; done: () => void }): JSX.Element {
  const paper = useSignal("");
  const wrong = useSignal(false);
  const take = async () => {
    wrong.value = !(await takeFromPaper(known, paper.value));
    if (!wrong.value) done();
  };
  return (
    <Screen title={t("room.key_take")} parent="/room">
      {wrong.value && <Note alarm>{t("room.key_miscopied")}</Note>}
      <label class="stack">
        <strong>{t("room.key_signs")}</strong>
        <textarea
          rows={4}
          maxLength={100}
          autocapitalize="characters"
          autocomplete="off"
          spellcheck={false}
          value={paper.value}
          onInput={(event) => {
            paper.value = event.currentTarget.value;
          }}
        />
      </label>
      {paper.value.trim() !== "" && <UnderTheLock open={take} />}
    </Screen>
  );
}

/** Asks for the profile's code, which must be one that is worth something. */
function UnderTheLock({ open }: { open: () => Promise<void> }): JSX.Element {
  const outcome = useSignal<string | null>(null);
  const tries = useSignal(0);
  const enter = async (code: string) => {
    const came = await codeFits(code);
    outcome.value = came === "done" ? null : came;
    if (came === "done") return open();
    tries.value++;
  };
  if (!lock.value) {
    return (
      <>
        <Note alarm>{t("room.key_short")}</Note>
        <button type="button" class="button main" onClick={() => go("/phone")}>
          {t("home.phone")}
        </button>
      </>
    );
  }
  return (
    <>
      {outcome.value === "short" ? (
        <Note alarm>{t("room.key_short")}</Note>
      ) : (
        <Trouble outcome={outcome.value} tries={tries.value} />
      )}
      <Code kind={lock.value} label={t("lock.enter")} done={enter} />
    </>
  );
}
