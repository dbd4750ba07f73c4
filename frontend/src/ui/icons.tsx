/** Pictures drawn for Aryk, inline so that none costs a request: the paths of each on 32 by 32. */
import type { JSX } from "preact";

/** The soft second colour, and the lines over it. */
const CATEGORIES: Record<string, [string, string]> = {
  "water-gate": [
    "M3 23q3-3 6.5 0t6.5 0 6.5 0 6.5 0v6H3z",
    "M7 22V5M25 22V5M4 5h24M10 11h12v8H10zM16 11V5M12.5 2.5h7M3 23q3-3 6.5 0t6.5 0 6.5 0 6.5 0M5 28h22",
  ],
  pasture: [
    "M9 18a4 4 0 0 1 0-8 5 5 0 0 1 9-2 5 5 0 0 1 5 10z",
    "M9 18a4 4 0 0 1 0-8 5 5 0 0 1 9-2 5 5 0 0 1 5 9.5Q20 19 9 18zM11 18v6M20 18v6M23 10q4-2 6 1-1 5-5 4M3 28h26M5 28l-1-3M28 28l1-3M15 28v-2",
  ],
  "land-line": [
    "M2 21q7-6 13-3v10H2z",
    "M2 21q7-6 13-3M17 18q7-4 13 1M2 28h28M16 28v-3M16 22v-3M16 16v-2M16 14V3l8 3.5-8 3.5",
  ],
  road: ["M12 4h8l8 24H4z", "M12 4 4 28M20 4l8 24M16 5v4M16 13v5M16 22v6"],
  crossing: [
    "M11 12h18v5H11z",
    "M5 28V10h6v18M2 28h12M11 12h18v5H11M16 12l-2 5M22 12l-2 5M28 12l-2 5M8 6.5v.1M27 17v11",
  ],
  quarrel: [
    "M2 28v-4q0-6 5-6t5 6v4zM20 28v-4q0-6 5-6t5 6v4z",
    "M21.5 12a3.5 3.5 0 0 0 7 0 3.5 3.5 0 0 0-7 0M3.5 12a3.5 3.5 0 0 0 7 0 3.5 3.5 0 0 0-7 0M2 28v-4q0-6 5-6t5 6v4M20 28v-4q0-6 5-6t5 6v4M17 3l-3 6h4l-3 6",
  ],
  "armed-people": [
    "M6 29v-6q0-7 8-7t8 7v6z",
    "M10 10a4 4 0 0 0 8 0 4 4 0 0 0-8 0M6 29v-6q0-7 8-7t8 7v6M8.5 9q0-6 5.5-6t5.5 6zM5 26 25 9M22 8l5-4M20 13l3 3",
  ],
  smuggling: [
    "M5 11 9 7h9v22H5z",
    "M5 11 9 7h9v22H5zM11 7V3h6v4M8.5 14l6.5 9M15 14l-6.5 9M22 18h8M27 14.5l3.5 3.5-3.5 3.5",
  ],
  detention: [
    "M9 29q0-8 7-8t7 8z",
    "M11.5 14a4.5 4.5 0 0 0 9 0 4.5 4.5 0 0 0-9 0M4 3h24v26H4zM9 3v26M23 3v26M16 3v5M16 19v10",
  ],
  school: ["M4 15h24v13H4z", "M4 28V15L16 8l12 7v13zM13 28v-7h6v7M16 8V2l6 2-6 2M8.5 19v3M23.5 19v3"],
  clinic: ["M5 13 16 4l11 9v15H5z", "M3 15 16 4l13 11M5 13.5V28h22V13.5M16 14v10M11 19h10"],
  electricity: [
    "M9 12a7 7 0 0 1 14 0q0 4-3.5 6.5V23h-7v-4.5Q9 16 9 12z",
    "M9 12a7 7 0 0 1 14 0q0 4-3.5 6.5V23h-7v-4.5Q9 16 9 12zM13 27h6M17 9l-3 4.5h4L15 18M3 12H2M30 12h-1M6 4l1 1M26 4l-1 1",
  ],
  services: [
    "M3 14h12v15H3zM19 9h10v20H19z",
    "M2 29h28M3 29V14l6-5 6 5v15M19 29V9h10v20M7 18h4M9 16v4M24 3v6M22.5 14h3M22.5 19h3M22.5 24h3",
  ],
  broken: [
    "M2 12h10l3 5-3 5H2zM30 12H20l3 5-3 5h10z",
    "M2 12h10l3 5-3 5H2M30 12H20l3 5-3 5h10M16 24v.1M14 28v.1M18 28v.1M16 6v.1",
  ],
  dirty: [
    "M16 4q9 11 9 16a9 9 0 0 1-18 0q0-5 9-16z",
    "M16 4q9 11 9 16a9 9 0 0 1-18 0q0-5 9-16zM13 18v.1M19 19v.1M16 23v.1M20 24v.1M12 23v.1",
  ],
};

const OTHER = ["M3 5h26v17H15l-7 6v-6H3z", "M3 5h26v17H15l-7 6v-6H3zM10 13.5v.1M16 13.5v.1M22 13.5v.1"] as const;

const SIGNS = {
  mark: "M4 12q6-7 12 0t12 0M4 19q6-7 12 0t12 0M4 26q6-7 12 0t12 0",
  back: "M19 6 9 16l10 10",
  forward: "m13 6 10 10-10 10",
  close: "m7 7 18 18M25 7 7 25",
  add: "M16 5v22M5 16h22",
  search: "M14 23a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM21 21l7 7",
  camera: "M3 9h7l2-4h8l2 4h7v18H3zM16 23a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11z",
  picture: "M3 5h26v22H3zM4 24l8-9 6 6 4-4 6 6M22 11.5v.1",
  voice: "M16 3a5 5 0 0 0-5 5v7a5 5 0 0 0 10 0V8a5 5 0 0 0-5-5zM6 14a10 10 0 0 0 20 0M16 24v5M11 29h10",
  speaker: "M4 12v8h6l8 6V6l-8 6zM22 11q4 5 0 10M26 7q8 9 0 18",
  unknown: "M10 11q0-7 6-7t6 6q0 4-6 7v3M16 26v.1",
  here: "M16 2v6M16 24v6M2 16h6M24 16h6M16 23a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM16 16v.1",
  pause: "M11 6v20M21 6v20",
  danger: "M16 4 2.5 28h27zM16 12v8M16 24v.1",
  call: "M6 3h5l3 7-3.5 3q2.5 5 7.5 7.5l3-3.5 7 3v5q0 4-4 4Q8 28 3 8q-.5-5 3-5z",
  people: "M12 14a5 5 0 1 1 0-10 5 5 0 0 1 0 10zM2 28q0-10 10-10t10 10M21 5a5 5 0 0 1 0 9M25 19q5 2 5 9",
  unnamed: "M16 14a5 5 0 1 1 0-10 5 5 0 0 1 0 10zM6 28q0-10 10-10t10 10M4 4l24 24",
  count: "M5 28V18M12 28V8M19 28V14M26 28V4M2 28h28",
  exit: "M17 4H6v24h11M13 16h15M22 9l7 7-7 7",
  lock: "M6 14h20v15H6zM10 14V9a6 6 0 0 1 12 0v5M16 19.5v4",
  saved: "M9 3h14v26H9zM13 15l2.5 3 4.5-5M14 25.5h4",
  phone: "M9 3h14v26H9zM14 25.5h4M16 8v.1M16 12v8",
  carry: "M8 12h16l3 16H5zM11 15V9a5 5 0 0 1 10 0v6M11 21h10",
  file: "M7 3h12l7 7v19H7zM19 3v7h7M16 14v9M12 19l4 4 4-4",
  qr: "M4 4h9v9H4zM19 4h9v9h-9zM4 19h9v9H4zM19 19h3v3M28 19v4h-4M19 28v-3M25 28h3",
  by_sms: "M3 5h26v17H15l-7 6v-6H3zM9 11h14M9 16h5",
  sending: "M16 27V6M7 14l9-9 9 9",
  arrived: "M3 18h7l2 4h8l2-4h7v9H3zM16 4v11M11 11l5 5 5-5",
  with_office: "M3 12 16 4l13 8zM6 12v12M13 12v12M19 12v12M26 12v12M3 28h26M4 24h24",
  answered: "M3 5h26v17H15l-7 6v-6H3zM9 11h14M9 16h9",
  now: "M16 29a13 13 0 1 1 0-26 13 13 0 0 1 0 26zM16 9v7h6",
  today: "M16 23a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM16 2v2M16 28v2M2 16h2M28 16h2",
  date: "M4 6h24v22H4zM4 13h24M11 3v6M21 3v6M18 20h4",
  check: "m7 17 6 7L25 8",
  solved: "M16 29a13 13 0 1 1 0-26 13 13 0 0 1 0 26zM9.5 16.5l4.5 5 8.5-10",
  disputed: "M27 16a11 11 0 1 1-4-8.5M27 3v7h-7",
  unconfirmed: "M16 29a13 13 0 1 1 0-26 13 13 0 0 1 0 26zM9 16h14",
  withdrawing: "M27 25V16a6 6 0 0 0-6-6H6M12 4 6 10l6 6",
  withdrawn: "M5 9h22M12 9V5h8v4M8 9l1 19h14l1-19",
  needs_attention: "M16 29a13 13 0 1 1 0-26 13 13 0 0 1 0 26zM16 9v9M16 22.5v.1",
};

export type Sign = keyof typeof SIGNS;

/** The picture of a category; one that this app does not know yet gets the speech bubble. */
export function CategoryIcon({ icon }: { icon: string }): JSX.Element {
  const [tint, lines] = CATEGORIES[icon] ?? OTHER;
  return <Drawing class="icon picture" tint={tint} lines={lines} />;
}

export function Icon({ sign }: { sign: Sign }): JSX.Element {
  return <Drawing class="icon" lines={SIGNS[sign]} />;
}

function Drawing({ class: name, tint, lines }: { class: string; tint?: string; lines: string }): JSX.Element {
  return (
    <svg class={name} viewBox="0 0 32 32" aria-hidden="true">
      {tint && <path class="tint" d={tint} />}
      <path d={lines} />
    </svg>
  );
}
