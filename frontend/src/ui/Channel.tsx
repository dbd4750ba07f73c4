import type { JSX } from "preact";

/** Two villages and the channel that they share: the picture of an empty first screen. */
export function Channel(): JSX.Element {
  return (
    <svg viewBox="0 0 120 80" aria-hidden="true">
      <path class="tint" d="M2 46 30 14l14 16L66 8l28 30 8-8 16 16z" />
      <path d="M2 46 30 14l14 16L66 8l28 30 8-8 16 16M14 58V48l8-6 8 6v10zM20 58v-5h4v5M90 58V48l8-6 8 6v10zM96 58v-5h4v5" />
      <path class="tint" d="M52 46c-6 8 10 12 4 18-5 5-8 8-8 14h26c0-8 6-9 5-15-1-7-13-9-11-17z" />
      <path d="M52 46c-6 8 10 12 4 18-5 5-8 8-8 14M68 46c-2 8 10 10 11 17 1 6-5 7-5 15M60 50c-2 4 5 8 6 12s-5 8-5 14" />
    </svg>
  );
}
