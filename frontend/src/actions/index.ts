/** Everything a screen may know and do. Screens import from here alone. */

export { chooseLanguage, choosePhotosOnWifi, chooseRayon } from "./choosing";
export { consent, consented } from "./consenting";
export {
  discardDraft,
  discardMedium,
  isSound,
  keepDraft,
  keepPart,
  loadDrafts,
  mediaOfDraft,
  type ReadyMedium,
  ready as readyMedium,
} from "./drafting";
export { type Handed, handOver, pictured, texted, textOf } from "./handing";
export { lookAtPhone, serverFingerprint, VERSION } from "./keeping";
export { locate } from "./locating";
export { type Looked, lookUp } from "./looking";
export type { LoginOutcome } from "./mediating";
export { addFollowUp, logIn, logOut } from "./mediating";
export { preparePhoto } from "./photos";
export { chooseAudience, confirmSolved, dispute, reply, saveReport, withdraw } from "./reporting";
export { mediumUrl, ownMediumUrl } from "./showing";
export {
  cases,
  connection,
  drafts,
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
export { canRecord, MOST_SECONDS, type Tape, tape } from "./voice";
