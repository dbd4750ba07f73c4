import type { JSX } from "preact";
import { mediumUrl, talkUrl } from "../actions";
import { t } from "../i18n";
import type { Medium } from "../model";
import { useSignal } from "../signals";
import { useAddress } from "./address";
import { Icon } from "./icons";

export const INSTEAD: Record<Medium["state"], string> = {
  expected: "sound.expected",
  received: "sound.expected",
  ready: "sound.online",
  unusable: "sound.unusable",
  erased: "state.withdrawn",
};

interface Heard {
  medium: Medium;
  /** The reporter's own report: what was said about it is kept, and one's own is here before it has arrived. */
  of?: string | undefined;
}

/** A recording; fetched when somebody wants to hear it, since it is larger than a photo. */
export function Sound({ medium, of }: Heard): JSX.Element {
  const wanted = useSignal(false);
  const missed = useSignal(false);
  const load = (id: string) => (of ? talkUrl(id, of) : mediumUrl(id, "audio"));
  const url = useAddress(wanted.value ? medium.id : null, (id) =>
    load(id).catch((trouble) => {
      missed.value = true;
      wanted.value = false;
      throw trouble;
    }),
  );
  if (url) {
    // It may come when the phone was put away.
    const autoplay = document.visibilityState === "visible";
    // biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said
    return <audio class="sound" controls autoplay={autoplay} src={url} aria-label={t("sound.hear")} />;
  }
  const here = medium.state === "ready" || (of && medium.state !== "unusable" && medium.state !== "erased");
  if (!here || wanted.value) return <p class="small soft">{t(here ? INSTEAD.ready : INSTEAD[medium.state])}</p>;
  return (
    <>
      {missed.value && <p class="small soft">{t(INSTEAD.ready)}</p>}
      <button
        type="button"
        class="button"
        onClick={() => {
          wanted.value = true;
        }}
      >
        <Icon sign="forward" />
        {t("sound.hear")}
      </button>
    </>
  );
}

/** All recordings of one thing that was said. */
export function Sounds({ media, of }: { media: Medium[]; of?: string | undefined }): JSX.Element {
  return (
    <>
      {media.map((medium) => (
        <Sound key={medium.id} medium={medium} of={of} />
      ))}
    </>
  );
}
