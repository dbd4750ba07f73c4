import { useEffect } from "preact/hooks";
import { useSignal } from "../signals";

/** An object's address while it is on the screen; null until it is there. `what` says when it is another one; null: none. */
export function useAddress(what: string | null, load: (what: string) => Promise<string>): string | null {
  const address = useSignal<string | null>(null);
  useEffect(() => {
    if (what === null) return;
    let made: string | null = null;
    let gone = false;
    load(what).then(
      (found) => {
        made = found;
        if (gone) URL.revokeObjectURL(found);
        else address.value = found;
      },
      () => undefined,
    );
    return () => {
      gone = true;
      address.value = null;
      if (made) URL.revokeObjectURL(made);
    };
  }, [what]);
  return address.value;
}
