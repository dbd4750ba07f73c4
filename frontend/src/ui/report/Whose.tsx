import type { JSX } from "preact";
import { t } from "../../i18n";
import type { Identity } from "../../model";
import { MOST_OF_IDENTITY } from "../../model/limits";
import { MOST_PROTECTED } from "../../model/protected";

const PARTS = Object.keys(MOST_OF_IDENTITY) as (keyof Identity)[];

interface Asked {
  identity: Identity;
  edit: (identity: Identity) => void;
  /** For the mediators: no address, and shorter. */
  sealed?: boolean;
}

/** Who makes the appeal, seen by the office that must answer alone; or who makes a signal, sealed for the mediators. */
export function Whose({ identity, edit, sealed }: Asked): JSX.Element {
  return (
    <fieldset>
      <legend>{t(sealed ? "whose.sealed" : "whose.title")}</legend>
      <div class="stack">
        <p class="small soft">{t(sealed ? "whose.sealed_means" : "whose.means")}</p>
        {PARTS.map(
          (part) =>
            (!sealed || part !== "address") && (
              <label key={part} class="stack">
                <strong>{t(`whose.${part}`)}</strong>
                <input
                  type="text"
                  // No browser is to offer it to the next one who holds this phone.
                  autocomplete="off"
                  spellcheck={false}
                  maxLength={sealed ? MOST_PROTECTED : MOST_OF_IDENTITY[part]}
                  value={identity[part]}
                  onInput={(event) => edit({ ...identity, [part]: event.currentTarget.value })}
                />
              </label>
            ),
        )}
      </div>
    </fieldset>
  );
}
