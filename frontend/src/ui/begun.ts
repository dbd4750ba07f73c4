import { useEffect, useRef } from "preact/hooks";
import { begunAfter, keepWords } from "../actions";

/**
 * Keeps what is being written under this id, and tells what a call, the lock or the way out interrupted. Nothing is kept over that before it
 * was looked up: `found` puts what is written by then behind it.
 */
export function useBegun(
  id: string,
  written: () => string,
  found: (begun: Awaited<ReturnType<typeof begunAfter>>) => void,
): void {
  // As it lies on the phone; undefined until that was looked up.
  const kept = useRef<string | undefined>(undefined);
  const keep = () => {
    const words = written();
    if ((kept.current ?? words) === words) return;
    kept.current = words;
    keepWords(id, words);
  };
  useEffect(() => {
    void begunAfter(id).then((begun) => {
      kept.current = begun.words;
      found(begun);
      // Also where somebody has left by now.
      keep();
    });
  }, [id]);
  useEffect(keep, [written()]);
}
