/** Which screen is shown: the part of the address after `#`, so that the phone's own back button works offline too. */
import { signal } from "@preact/signals";

export const route = signal(read());

addEventListener("popstate", () => {
  route.value = read();
});

/** Opens a screen; `replace` leaves no way back to the present one. */
export function go(path: string, { replace = false } = {}): void {
  const depth = here() + (replace ? 0 : 1);
  history[replace ? "replaceState" : "pushState"]({ depth }, "", `#${path}`);
  route.value = read();
}

/** Back to the first screen; what was walked through meanwhile is not walked through again by the phone's back button. */
export function goHome(then = "/"): void {
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

/** Goes back to the entry with which the app was opened, and then does this. */
function unwind(then: () => void): void {
  const depth = here();
  const arrive = () => {
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
  return (history.state as { depth?: number } | null)?.depth ?? 0;
}

function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}
