import type { JSX } from "preact";
import { choosePhotosOnWifi, photosOnWifi } from "../actions";
import { t } from "../i18n";

/** Photos are what costs; everything that matters first goes at once in any case. */
export function PhotosOnWifi(): JSX.Element {
  return (
    <label class="option">
      <input
        type="checkbox"
        checked={photosOnWifi.value}
        onChange={(event) => void choosePhotosOnWifi(event.currentTarget.checked)}
      />
      <span>
        <strong>{t("wifi.photos")}</strong>
        <span class="small soft">{t("wifi.why")}</span>
      </span>
    </label>
  );
}
