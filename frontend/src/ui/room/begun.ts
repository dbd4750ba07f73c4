import { useEffect } from "preact/hooks";
import { begunAfter, keepWords } from "../../actions";
import { useSignal } from "../../signals";

/** Keeps what is being written under this id, and tells what a call, the lock or the way out interrupted. */
export function useBegun(id: string, written: string, found: (words: string) => void): void {
  // As it lies on the phone; null until that was looked up.
  const kept = useSignal<string | null>(null);
  useEffect(() => {
    void begunAfter(id).then(({ words }) => {
      if (words) found(words);
      kept.value = words;
    });
  }, [id]);
  useEffect(() => {
    if (kept.value === null || kept.value === written) return;
    keepWords(id, written);
    kept.value = written;
  }, [written, kept.value]);
}
