/** Everything a screen may know and do. Screens import from here alone; those of the room from `mediating` too. */

export { chooseLanguage, choosePhotosOnWifi, chooseRayon } from "./choosing";
export { consent, consented } from "./consenting";
export { deleteReport, tryNow } from "./deleting";
export {
  awaitAtEnd,
  begunAfter,
  discardDraft,
  discardMedium,
  draftsKept,
  isSound,
  keepDraft,
  keepPart,
  keepWords,
  loadDrafts,
  mediaOfDraft,
  moveDraft,
  type ReadyMedium,
  ready as readyMedium,
} from "./drafting";
export { type Handed, handOver, pictured, texted, textOf } from "./handing";
export { takeNewer } from "./holding";
export { groupFingerprint, keptBefore, lookAtPhone, sealedLastTo, serverFingerprint, VERSION } from "./keeping";
export { locate } from "./locating";
export { answered, goForPhoto, lockNow, lockWith, takeOffLock, wipeAnswered } from "./locking";
export { type Looked, lookUp } from "./looking";
export { lookLikeCalendar, recallLook } from "./looks";
export { addPerson, comeAs } from "./people";
export { preparePhoto } from "./photos";
export {
  appeal,
  begunAppeal,
  chooseAudience,
  confirmSolved,
  dispute,
  isPlaced,
  keepAppeal,
  notify,
  placeNames,
  reply,
  saveReport,
  withdraw,
} from "./reporting";
export { isOpen } from "./session";
export { mediumUrl, ownMediumUrl, talkUrl } from "./showing";
export {
  asCalendar,
  cases,
  categoryOf,
  connection,
  drafts,
  type Gate,
  gate,
  keeps,
  lock,
  mediator,
  mobileData,
  newer,
  outbox,
  type Person,
  photosOnWifi,
  ready,
  reference,
  reported,
  storageStays,
  storageTrouble,
  storageUse,
  strays,
} from "./signals";
export { hush, sound } from "./sounding";
export { pauseLeft, start, unlockWith } from "./starting";
export { syncNow } from "./turns";
export { canRecord, MOST_SECONDS, type Tape, tape } from "./voice";
