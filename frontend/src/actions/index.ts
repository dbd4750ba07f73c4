/** Everything a screen may know and do. Screens import from here alone. */

export { chooseLanguage, chooseRayon } from "./choosing";
export type { LoginOutcome } from "./mediating";
export { addFollowUp, logIn, logOut, pictureUrl } from "./mediating";
export { preparePhoto, type ReadyPhoto } from "./photos";
export { confirmSolved, discardDraft, dispute, keepDraft, loadDraft, saveReport, withdraw } from "./reporting";
export { cases, connection, mediator, outbox, ready, reference, storageTrouble } from "./signals";
export { start, syncNow } from "./starting";
