import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { draftsKept, preparePhoto } from "../../actions";
import { t } from "../../i18n";
import { Icon, type Sign } from "../icons";
import { Note } from "../Screen";
import { addPhoto, photos, removeMedium } from "./draft";

const MOST = 4;

/** Up to four photos, each re-encoded on the phone before it is kept: no place, no time, no serial number in it. */
export function Photos(): JSX.Element {
  const trouble = useSignal(false);
  const busy = useSignal(false);
  const take = async (files: FileList | null) => {
    trouble.value = false;
    busy.value = true;
    for (const file of [...(files ?? [])].slice(0, MOST - photos.value.length)) {
      try {
        addPhoto(await preparePhoto(file));
        await draftsKept();
      } catch {
        trouble.value = true;
      }
    }
    busy.value = false;
  };
  return (
    <section class="stack" aria-busy={busy.value}>
      <h2>{t("photos.title", { max: MOST })}</h2>
      {photos.value.length > 0 && <Previews />}
      {photos.value.length < MOST && (
        <div class="pair">
          <Pick sign="camera" label={t("photos.camera")} camera take={take} />
          <Pick sign="picture" label={t("photos.gallery")} take={take} />
        </div>
      )}
      {busy.value && <p role="status">{t("review.pending_photos")}</p>}
      {trouble.value && <Note alarm>{t("photos.bad")}</Note>}
      <p class="small soft">{t("photos.hint")}</p>
    </section>
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
  take: (files: FileList | null) => void;
}

function Pick({ sign, label, camera, take }: Picking): JSX.Element {
  const chosen = (event: TargetedEvent<HTMLInputElement>) => {
    take(event.currentTarget.files);
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
        onChange={chosen}
      />
    </label>
  );
}
