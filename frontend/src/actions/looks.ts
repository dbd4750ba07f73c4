/** What the app is called on this phone, whoever holds it: it is on the home screen once. */
import { asCalendar, noRoom } from "./signals";

const CALENDAR = "aryk-calendar";

/** Never throws: where nothing can be kept it is Aryk. */
export function recallLook(): void {
  try {
    asCalendar.value = localStorage.getItem(CALENDAR) !== null;
  } catch {
    // The person is told that nothing can be kept.
  }
}

/** From now on; an icon that is on the home screen stays as it is. Never throws. */
export function lookLikeCalendar(chosen: boolean): void {
  asCalendar.value = chosen;
  try {
    if (chosen) localStorage.setItem(CALENDAR, "");
    else localStorage.removeItem(CALENDAR);
  } catch {
    asCalendar.value = !chosen;
    noRoom();
  }
}
