import type { JSX } from "preact";
import { addPerson, comeAs, type Gate as Kept, type Person, unlockWith } from "../../actions";
import { t } from "../../i18n";
import type { LockKind } from "../../model";
import { useSignal } from "../../signals";
import { Icon } from "../icons";
import { LanguageChoice } from "../LanguageChoice";
import { resumeDraft } from "../report/draft";
import { go } from "../route";
import { Note, Screen } from "../Screen";
import { Code, Face, Trouble } from "./Code";

/** Before anybody's reports are shown: who is it, and what is the code. */
export function Gate({ gate: { people, chosen } }: { gate: Kept }): JSX.Element {
  const kind = chosen?.lock;
  return (
    <Screen title={t(kind ? "lock.title" : "people.title")} top={<LanguageChoice />} dock={<InDanger />}>
      {kind ? <Unlock kind={kind} /> : people.map((person) => <Row key={person.id} person={person} />)}
      {!kind && (
        <button type="button" class="button plain" onClick={() => void addPerson()}>
          <Icon sign="add" />
          {t("people.new")}
        </button>
      )}
      <ToReceipt />
    </Screen>
  );
}

export function ToReceipt(): JSX.Element {
  return (
    <button type="button" class="button plain" onClick={() => go("/receipt")}>
      <Icon sign="check" />
      {t("lookup.title")}
    </button>
  );
}

export function InDanger(): JSX.Element {
  return (
    <button type="button" class="button alarm wide" onClick={() => go("/danger")}>
      <Icon sign="danger" />
      {t("home.danger")}
    </button>
  );
}

function Row({ person: { id, place, lock } }: { person: Person }): JSX.Element {
  return (
    <button type="button" class="row" onClick={() => void comeAs(id)}>
      <Face place={place} />
      <strong class="grow">{t("people.n", { n: place + 1 })}</strong>
      <Icon sign={lock ? "lock" : "forward"} />
    </button>
  );
}

function Unlock({ kind }: { kind: LockKind }): JSX.Element {
  const outcome = useSignal<string | null>(null);
  const tries = useSignal(0);
  const forgotten = useSignal(false);
  const open = async (code: string) => {
    const tried = await unlockWith(code);
    if (tried === "done") return resumeDraft();
    outcome.value = tried;
    tries.value++;
  };
  return (
    <>
      <Trouble outcome={outcome.value} tries={tries.value} />
      <Code kind={kind} label={t("lock.enter")} done={open} />
      <p class="small soft">{t("lock.sends")}</p>
      {forgotten.value && <Note>{t("lock.forgotten_means")}</Note>}
      <button
        type="button"
        class="button plain"
        onClick={() => {
          if (forgotten.value) void comeAs(null);
          forgotten.value = true;
        }}
      >
        {t(forgotten.value ? "people.other" : "lock.forgotten")}
      </button>
      {!forgotten.value && (
        <button type="button" class="button plain" onClick={() => void comeAs(null)}>
          <Icon sign="people" />
          {t("people.other")}
        </button>
      )}
    </>
  );
}
