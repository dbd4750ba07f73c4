import type { Signal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";

interface FieldOf {
  label: string;
  value: Signal<string>;
  /** What a browser may fill in here. */
  name: "username" | "current-password" | "one-time-code";
  secret?: boolean;
  numeric?: boolean;
}

export function Field({ label, value, name, secret, numeric }: FieldOf): JSX.Element {
  const common = {
    name,
    autocomplete: name,
    autocapitalize: "none",
    spellcheck: false,
    inputMode: numeric ? "numeric" : undefined,
    value: value.value,
    onInput: (event: TargetedEvent<HTMLInputElement>) => {
      value.value = event.currentTarget.value;
    },
  } as const;
  return (
    <label class="stack tight">
      <span>{label}</span>
      {secret ? <input type="password" {...common} /> : <input type="text" {...common} />}
    </label>
  );
}
