/**
 * Which screen is shown. It stands in the history's state, so that the phone's own back button works offline too, and never in the address:
 * the browser's list of what was visited must not say which report was looked at. An address that comes from outside names it after `#`.
 */
import { signal } from "../signals";

interface State {
  depth: number;
  path?: string;
  left?: string | null;
}

/**
 * On the phone: how often somebody left for the calendar. What was shown before is never shown again, of whatever document and tab it is.
 * Not in the session: a process that the browser goes back to may never hear what another one noted there.
 */
const LEFT = "left";
const CALENDAR = "/days";

/** Of the entry that was shown last: one that an address from outside has opened in its window lies behind it, and does not say so. */
let deep = -1;

// A browser that was ended may know its entries and not what was noted last.
const known = state()?.left ?? "";
if (known > (left() ?? "")) noted()?.setItem(LEFT, known);

export const route = signal(read());

const shown = () => {
  route.value = read();
};
addEventListener("popstate", shown);
// As it was, out of the browser's memory.
addEventListener("pageshow", shown);
// Somebody left in another tab.
addEventListener("storage", shown);

/** Opens a screen; `replace` leaves no way back to the present one. Not where somebody has left `from` meanwhile, least of all for the calendar. */
export function go(path: string, { replace = false, from = route.value } = {}): void {
  if (from !== route.value) return;
  const depth = here() + (replace ? 0 : 1);
  note(depth, path, replace);
  route.value = read();
}

/** Back to the first screen; what was walked through meanwhile is not walked through again by the phone's back button. `from`: see `go`. */
export function goHome(then = "/", from = route.value): void {
  if (from !== route.value) return;
  unwind(() => {
    go("/", { replace: true });
    if (then !== "/") go(then);
  });
}

/** Shows the calendar now, and it alone: neither the phone's back button nor its forward one leads to what was before. */
export function vanish(then: () => void): void {
  route.value = [CALENDAR.slice(1)];
  noted()?.setItem(LEFT, `${left() ?? ""}.`);
  unwind(() => {
    go(CALENDAR, { replace: true });
    // What follows the present entry is only forgotten when there is a new one.
    go(CALENDAR);
    then();
  });
}

let arrive = () => {};

/** Goes back to the entry with which the app was opened, and then does this, and nothing else that was on its way there. */
function unwind(then: () => void): void {
  // A browser forgets the first of very many.
  const depth = Math.min(here(), history.length - 1);
  removeEventListener("popstate", arrive);
  arrive = () => {
    removeEventListener("popstate", arrive);
    then();
  };
  addEventListener("popstate", arrive);
  if (depth > 0) history.go(-depth);
  else arrive();
}

/** One screen back, or more; to the parent where the app was opened right here. */
export function back(parent = "/", steps = 1): void {
  if (here() >= steps) history.go(-steps);
  else go(parent, { replace: true });
}

function here(): number {
  return state()?.depth ?? 0;
}

function state(): State | null {
  return history.state;
}

/** Nothing where the browser lets no page keep anything. */
function noted(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function left(): string | null {
  return noted()?.getItem(LEFT) ?? null;
}

function note(depth: number, path: string, replace = true): void {
  const made: State = { depth, path, left: left() };
  history[replace ? "replaceState" : "pushState"](made, "", location.pathname);
}

function read(): string[] {
  const named = location.hash.slice(1);
  if (named || !state()) note(named && !state() ? deep + 1 : here(), named || "/");
  else if ((state()?.left ?? null) !== left()) note(here(), CALENDAR);
  deep = here();
  return (state()?.path ?? "").split("/").filter(Boolean);
}
