import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pictureUrl } from "../../actions";
import { t } from "../../i18n";
import type { Medium } from "../../model";

const INSTEAD: Record<Medium["state"], string> = {
  expected: "case.photo_expected",
  received: "case.photo_expected",
  ready: "case.photo_online",
  unusable: "case.photo_unusable",
};

/** A photo of a report: the server's clean copy, fetched when there is a connection and not kept. */
export function Picture({ medium, number }: { medium: Medium; number: number }): JSX.Element {
  const url = useSignal<string | null>(null);
  useEffect(() => {
    if (medium.state !== "ready") return;
    let made: string | null = null;
    let gone = false;
    pictureUrl(medium.id).then(
      (address) => {
        made = address;
        if (gone) URL.revokeObjectURL(address);
        else url.value = address;
      },
      () => undefined,
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [medium.id, medium.state]);
  if (url.value) return <img class="evidence" src={url.value} alt={t("photos.n", { n: number })} />;
  return <p class="small soft">{t(INSTEAD[medium.state])}</p>;
}
