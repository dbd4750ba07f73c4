import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { connection, mediumUrl } from "../../actions";
import { t } from "../../i18n";
import type { Medium } from "../../model";
import { useSignal } from "../../signals";
import { useAddress } from "../address";

export const INSTEAD: Record<Medium["state"], string> = {
  expected: "case.photo_expected",
  received: "case.photo_expected",
  ready: "case.photo_online",
  unusable: "case.photo_unusable",
  erased: "state.withdrawn",
};

interface Shown {
  medium: Medium;
  /** What stands in until the photo is there. */
  preview: Medium | undefined;
  number: number;
}

/** A photo of a report: the server's clean copy, fetched when there is a connection and not kept. */
export function Picture({ medium, preview, number }: Shown): JSX.Element {
  const ready = [medium, preview].find((one) => one?.state === "ready");
  // One that did not come is asked for again once the server was heard.
  const [failed, tries] = [useSignal(false), useSignal(0)];
  useEffect(() => {
    if (failed.value) tries.value++;
    failed.value = false;
  }, [connection.value.lastSyncMs]);
  const load = (what: string) =>
    mediumUrl(what.split(" ", 1).join(), "image").catch((trouble) => {
      failed.value = true;
      throw trouble;
    });
  const url = useAddress(ready ? `${ready.id} ${tries.value}` : null, load);
  return (
    <>
      {url && <img class="evidence" src={url} alt={t("photos.n", { n: number })} />}
      {(!url || ready !== medium) && <p class="small soft">{t(INSTEAD[medium.state])}</p>}
    </>
  );
}
