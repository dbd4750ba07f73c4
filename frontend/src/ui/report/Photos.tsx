import type { JSX, TargetedEvent } from "preact";
import { goForPhoto } from "../../actions";
import { t } from "../../i18n";
import { MOST_PHOTOS } from "../../model/limits";
import { Icon, type Sign } from "../icons";
import { Note } from "../Screen";
import { photos, photoTrouble, preparing, removeMedium, takePhotos } from "./draft";

/** Up to four photos, each re-encoded on the phone before it is kept: no place, no time, no serial number in it. */
export function Photos(): JSX.Element {
  return (
    <section class="stack" aria-busy={preparing.value > 0}>
      <h2>{t("photos.title", { max: MOST_PHOTOS })}</h2>
      {photos.value.length > 0 && <Previews />}
      {photos.value.length + preparing.value < MOST_PHOTOS && (
        <div class="pair">
          <Pick sign="camera" label={t("photos.camera")} camera />
          <Pick sign="picture" label={t("photos.gallery")} />
        </div>
      )}
      <Preparing />
      <p class="small soft">{t("photos.hint")}</p>
    </section>
  );
}

/** What has become of the photos that were chosen. */
export function Preparing(): JSX.Element {
  return (
    <>
      {preparing.value > 0 && <p role="status">{t("review.pending_photos")}</p>}
      {photoTrouble.value && <Note alarm>{t(`photos.${photoTrouble.value}`, { max: MOST_PHOTOS })}</Note>}
    </>
  );
}

function Previews(): JSX.Element {
  return (
    <ul class="photos">
      {photos.value.map((photo, at) => (
        <li key={photo.id} class="photo">
          <img src={photo.url} alt={t("photos.n", { n: at + 1 })} />
          <button
            type="button"
            class="round"
            aria-label={t("photos.remove", { n: at + 1 })}
            onClick={() => removeMedium(photo)}
          >
            <Icon sign="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Picking {
  sign: Sign;
  label: string;
  camera?: boolean;
}

function Pick({ sign, label, camera }: Picking): JSX.Element {
  const chosen = (event: TargetedEvent<HTMLInputElement>) => {
    takePhotos(event.currentTarget.files ?? []);
    // The same file may be chosen again after it was removed.
    event.currentTarget.value = "";
  };
  return (
    <label class="button pick">
      <Icon sign={sign} />
      {label}
      <input
        type="file"
        accept="image/*"
        multiple={!camera}
        capture={camera ? "environment" : undefined}
        onClick={goForPhoto}
        onChange={chosen}
      />
    </label>
  );
}
