import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { carried, handOn, startCarrying, type Taken, takeFile } from "../../actions/carrying";
import { t } from "../../i18n";
import { useSignal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";

/** The same in the app and on the page for desks. `more` are further ways to take something in. */
export function Carrying({ more }: { more?: ComponentChildren }): JSX.Element {
  const taken = useSignal<Taken | null>(null);
  useEffect(() => {
    startCarrying().catch(() => {
      taken.value = "not_kept";
    });
  }, []);
  const take = async (input: HTMLInputElement) => {
    let worst: Taken = "taken";
    for (const file of input.files ?? []) {
      const outcome = await takeFile(file);
      if (worst === "taken") worst = outcome;
      taken.value = worst;
    }
    input.value = "";
  };
  return (
    <>
      <p>{t("carry.what")}</p>
      {taken.value && <Outcome taken={taken.value} />}
      <label class="button main pick">
        <Icon sign="file" />
        {t("carry.take")}
        <input type="file" multiple onChange={(event) => take(event.currentTarget)} />
      </label>
      {more}
      <Load />
    </>
  );
}

export function Outcome({ taken }: { taken: Taken }): JSX.Element {
  return (
    <div role="status">
      {/* No app of ours makes a file that holds too much. */}
      <Note alarm={taken !== "taken"}>{t(`carry.${taken === "too_much" ? "foreign" : taken}`)}</Note>
    </div>
  );
}

function Load(): JSX.Element | null {
  const load = carried.value;
  if (!load || load.envelopes + load.media + load.forwarded === 0) return null;
  const waiting = load.envelopes + load.media > 0;
  return (
    <section class="card" aria-live="polite">
      <p class="status">
        <Icon sign="carry" />
        {t("carry.waiting", { n: load.envelopes, photos: load.media })}
      </p>
      <p class="status good">
        <Icon sign="solved" />
        {t("carry.forwarded", { n: load.forwarded })}
      </p>
      {waiting && (
        <button type="button" class="button" onClick={() => handOn()}>
          <Icon sign="people" />
          {t("carry.on")}
        </button>
      )}
    </section>
  );
}
