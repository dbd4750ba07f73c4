import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { mediumUrl } from "../../actions";
import { t } from "../../i18n";
import type { Medium } from "../../model";
import { useAddress } from "../address";
import { Icon } from "../icons";

const INSTEAD: Record<Medium["state"], string> = {
  expected: "case.sound_expected",
  received: "case.sound_expected",
  ready: "case.sound_online",
  unusable: "case.sound_unusable",
};

/** A recording of a report; fetched when somebody wants to hear it, since it is larger than a photo. */
export function Sound({ medium }: { medium: Medium }): JSX.Element {
  const wanted = useSignal(false);
  const url = useAddress(wanted.value ? medium.id : null, (id) => mediumUrl(id, "audio"));
  // biome-ignore lint/a11y/useMediaCaption: nobody has written down what a resident says
  if (url) return <audio class="sound" controls src={url} aria-label={t("case.sound")} />;
  if (medium.state !== "ready" || wanted.value) return <p class="small soft">{t(INSTEAD[medium.state])}</p>;
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        wanted.value = true;
      }}
    >
      <Icon sign="forward" />
      {t("case.sound")}
    </button>
  );
}
