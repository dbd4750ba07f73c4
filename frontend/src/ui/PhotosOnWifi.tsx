import type { JSX } from "preact";
import { choosePhotosOnWifi, keeps, mobileData, photosOnWifi } from "../actions";
import { t } from "../i18n";
import { Check } from "./Check";

/** Photos are what costs; everything that matters first goes at once in any case. Not promised by a browser that cannot tell Wi-Fi, or keeps nothing until then. */
export function PhotosOnWifi(): JSX.Element | null {
  if (mobileData.value === null || !keeps()) return null;
  const choose = (chosen: boolean) => void choosePhotosOnWifi(chosen);
  return <Check label={t("wifi.photos")} means={t("wifi.why")} checked={photosOnWifi.value} choose={choose} />;
}
