/**
 * Which screen is shown. It stands in the history's state, so that the phone's own back button works offline too, and never in the address:
 * the browser's list of what was visited must not say which report was looked at. An address that comes from outside names it after `#`.
 */
import { signal } from "../signals";

interface State {
  depth: number;
  path?: string;
}

/** Of the entry that was shown last: one that an address from outside has opened in its window lies behind it, and does not say so. */
let deep = -1;

export const route = signal(read());

addEventListener("popstate", () => {
  route.value = read();
});

/** Opens a screen; `replace` leaves no way back to the present one. Not where somebody has left `from` meanwhile, least of all for the calendar. */
export function go(path: string, { replace = false, from = route.value } = {}): void {
  if (from !== route.value) return;
  const depth = here() + (replace ? 0 : 1);
  history[replace ? "replaceState" : "pushState"]({ depth, path } satisfies State, "", location.pathname);
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

/** Shows this screen now, and it alone: neither the phone's back button nor its forward one leads to what was before. */
export function vanish(path: string, then: () => void): void {
  route.value = [path.slice(1)];
  unwind(() => {
    go(path, { replace: true });
    // What follows the present entry is only forgotten when there is a new one.
    go(path);
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

function read(): string[] {
  const named = location.hash.slice(1);
  if (named) {
    const depth = state() ? here() : deep + 1;
    history.replaceState({ depth, path: named } satisfies State, "", location.pathname);
  }
  deep = here();
  return (state()?.path ?? "").split("/").filter(Boolean);
}
