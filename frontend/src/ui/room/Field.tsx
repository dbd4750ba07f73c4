import type { JSX, TargetedEvent } from "preact";
import { useId } from "preact/hooks";
import type { Signal } from "../../signals";

interface FieldOf {
  label: string;
  value: Signal<string>;
  /** On a shared phone a browser is to fill in nothing; for a password it does so only where a new one is asked for. */
  fill?: "off" | "new-password" | "one-time-code";
  secret?: boolean;
  numeric?: boolean;
}

export function Field({ label, value, fill = "off", secret, numeric }: FieldOf): JSX.Element {
  const id = useId();
  const common = {
    id,
    autocomplete: fill,
    autocapitalize: "none",
    spellcheck: false,
    inputMode: numeric ? "numeric" : undefined,
    value: value.value,
    onInput: (event: TargetedEvent<HTMLInputElement>) => {
      value.value = event.currentTarget.value;
    },
  } as const;
  return (
    <div class="stack tight">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...common} /> : <input type="text" {...common} />}
    </div>
  );
}

/** A few sentences. */
export function Area(of: { label: string; value: Signal<string>; rows: number; most: number }): JSX.Element {
  const { label, value, rows, most } = of;
  return (
    <label class="stack">
      <strong>{label}</strong>
      <textarea
        rows={rows}
        maxLength={most}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
