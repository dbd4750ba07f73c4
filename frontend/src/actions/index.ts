/** Everything a screen may know and do. Screens import from here alone. */
export { cases, connection, mediator, outbox, reference, storageTrouble } from "./signals";
export type { LoginOutcome } from "./mediating";
export { addFollowUp, logIn, logOut, pictureUrl } from "./mediating";
export { type ReadyPhoto, preparePhoto } from "./photos";
export { confirmSolved, discardDraft, dispute, keepDraft, loadDraft, saveReport } from "./reporting";
export { chooseLanguage, chooseRayon } from "./choosing";
export { start, syncNow } from "./starting";
