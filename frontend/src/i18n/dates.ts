/**
 * Dates from the catalogues' own tables (CLDR facts). Browsers on the phones we serve have no Kyrgyz or Tajik dates and
 * mix up Uzbek in Latin letters, so their own formatter is not used.
 */
import type { Draft } from "../model";
import type { Happened } from "../model/wire";
import { t } from "./index";

/** "24 ноября 2026 г." of a calendar day; the argument is a local date or YYYY-MM-DD. */
export function day(of: Date | string): string {
  const [year, month, date] = typeof of === "string" ? of.split("-").map(Number) : parts(of);
  const names = t("date.months").split(",");
  const written = t("date.form", { day: date ?? "", month: names[(month ?? 1) - 1] ?? "", year: year ?? "" });
  // Kyrgyz and Uzbek hang the month on the day with a hyphen; a line must not break there.
  return written.replaceAll("-", "\u2011");
}

/** The day of an instant, and for today the time of day too. */
export function instant(milliseconds: number, now = new Date()): string {
  const at = new Date(milliseconds);
  return isoDay(at) === isoDay(now) ? t("date.today", { time: clock(at) }) : day(at);
}

/** "14:05". */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** From when on a phone's clock can be believed: one that says 1970 must not forbid today. */
export const FIRST_DAY = "2026";

/** YYYY-MM-DD of the phone's own calendar: a date in UTC would be yesterday's in a Batken morning. */
export function isoDay(at: Date): string {
  const [year, month, date] = parts(at);
  return `${year}-${two(month)}-${two(date)}`;
}

/** When it was, as it is sent: "now" and "today" of a draft that was begun on another day are that day, if the clock was right then. */
export function happenedOf({ happened, saidOn }: Pick<Draft, "happened" | "saidOn">, now = new Date()): Happened {
  const stale = happened.when !== "date" && saidOn > FIRST_DAY && saidOn < isoDay(now);
  return stale ? { when: "date", date: saidOn } : happened;
}

function parts(at: Date): [number, number, number] {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()];
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
