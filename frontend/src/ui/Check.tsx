import type { JSX } from "preact";

/** A choice that is made or not, with what it means. */
export function Check(of: {
  label: string;
  means: string;
  checked: boolean;
  choose: (chosen: boolean) => void;
}): JSX.Element {
  return (
    <label class="option">
      <input type="checkbox" checked={of.checked} onChange={(event) => of.choose(event.currentTarget.checked)} />
      <span>
        <strong>{of.label}</strong>
        <span class="small soft">{of.means}</span>
      </span>
    </label>
  );
}
