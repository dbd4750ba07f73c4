import type { JSX } from "preact";
import { t } from "../../i18n";
import type { Identity } from "../../model";

const PARTS: { part: keyof Identity; most: number; autocomplete: string }[] = [
  { part: "name", most: 200, autocomplete: "name" },
  { part: "address", most: 300, autocomplete: "street-address" },
  { part: "contact", most: 200, autocomplete: "tel" },
];

/** Who makes the appeal: asked only for an appeal, and seen by the office that must answer alone. */
export function Whose({ identity, edit }: { identity: Identity; edit: (identity: Identity) => void }): JSX.Element {
  return (
    <fieldset>
      <legend>{t("whose.title")}</legend>
      <div class="stack">
        <p class="small soft">{t("whose.means")}</p>
        {PARTS.map(({ part, most, autocomplete }) => (
          <label key={part} class="stack">
            <strong>{t(`whose.${part}`)}</strong>
            <input
              type="text"
              name={part}
              autocomplete={autocomplete as "name"}
              maxLength={most}
              value={identity[part]}
              onInput={(event) => edit({ ...identity, [part]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
