import { useEffect } from "preact/hooks";
import { useSignal } from "../signals";

/** What has to be looked for, looked for anew when `on` is another; null until it is found. */
export function useFound<Found>(look: () => Promise<Found>, on?: unknown): Found | null {
  const found = useSignal<Found | null>(null);
  useEffect(() => {
    void look().then((value) => {
      found.value = value;
    });
  }, [on]);
  return found.value;
}
