/** Everything a screen may know and do. Screens import from here alone. */

export { chooseLanguage, choosePhotosOnWifi, chooseRayon } from "./choosing";
export { type Handed, handOver, pictured, texted, textOf } from "./handing";
export { lookAtPhone, serverFingerprint, VERSION } from "./keeping";
export type { LoginOutcome } from "./mediating";
export { addFollowUp, logIn, logOut } from "./mediating";
export { preparePhoto, type ReadyPhoto } from "./photos";
export { confirmSolved, discardDraft, dispute, keepDraft, loadDraft, saveReport, withdraw } from "./reporting";
export { mediumUrl, ownPhotoUrl } from "./showing";
export {
  cases,
  connection,
  mediator,
  mobileData,
  outbox,
  photosOnWifi,
  ready,
  reference,
  storageStays,
  storageTrouble,
  storageUse,
} from "./signals";
export { start, syncNow } from "./starting";
