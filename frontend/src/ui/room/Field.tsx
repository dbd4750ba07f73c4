import type { Signal } from "@preact/signals";
import type { JSX } from "preact";

interface FieldOf {
  label: string;
  value: Signal<string>;
  /** What a browser may fill in here. */
  name: "username" | "current-password" | "one-time-code";
  type?: "text" | "password";
  numeric?: boolean;
}

export function Field({ label, value, name, type = "text", numeric }: FieldOf): JSX.Element {
  return (
    <label class="stack tight">
      <span>{label}</span>
      <input
        type={type}
        name={name}
        autocomplete={name}
        autocapitalize="none"
        spellcheck={false}
        inputMode={numeric ? "numeric" : undefined}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
