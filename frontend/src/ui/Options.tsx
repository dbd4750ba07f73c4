/** A question with one answer out of a few, each a whole line to touch. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";

export interface Option<Value> {
  value: Value;
  label: string;
  means?: string;
  picture?: JSX.Element | undefined;
}

interface Question<Value> {
  legend: string;
  options: Option<Value>[];
  value: Value | null | undefined;
  choose: (value: Value) => void;
  /** Short options stand beside each other. */
  across?: boolean;
  legendUnseen?: boolean;
}

export function Options<Value>(question: Question<Value>): JSX.Element {
  const { legend, options, value, choose, across, legendUnseen } = question;
  const group = useId();
  return (
    <fieldset>
      <legend class={legendUnseen ? "unseen" : undefined}>{legend}</legend>
      <div class={across ? "options across" : "options"}>
        {options.map((option) => (
          <label key={option.label} class={option.value === value ? "option chosen" : "option"}>
            <input type="radio" name={group} checked={option.value === value} onChange={() => choose(option.value)} />
            {option.picture}
            <span>
              <strong>{option.label}</strong>
              {option.means && <span class="small soft">{option.means}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function yesOrNo(): Option<boolean>[] {
  return [
    { value: true, label: t("yes"), picture: <Icon sign="check" /> },
    { value: false, label: t("no"), picture: <Icon sign="close" /> },
  ];
}
