import { SSF as untyped } from "@e965/xlsx";

/** The part of the parser that knows number formats. It has no types. */
const SSF = untyped as {
  format(format: string, value: number, options?: { date1904: boolean }): string;
  is_date(format: string): boolean;
};

const millisecondsPerDay = 86_400_000;
/** The 31st of December 1899. */
const dayZero = Date.UTC(1899, 11, 31);
const daysFrom1900To1904 = 1462;
/** What the calendar of spreadsheets has as the 29th of February 1900, which there was not. */
const notADay = 60;
/** The day after the 31st of December 9999. */
const endOfCalendar = 2_958_466;

const quoted = /"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi;

/** What a number stands for under a format of dates: a day or a time of one; else, such as `12:30`, what the cell shows. */
export function readDate(serial: number, format: string, is1904: boolean): Date | string | number {
  if (isTimeOnly(format)) return SSF.format(format, serial, { date1904: is1904 });
  const days = serial + (is1904 ? daysFrom1900To1904 : 0);
  if (days < 0 || days >= endOfCalendar) return serial; // a spreadsheet shows no date for it either
  if (Math.floor(days) === notADay) return "1900-02-29";
  if (days < 1) return SSF.format("hh:mm:ss", days);
  const shift = days > notADay ? 1 : 0;
  return new Date(dayZero + Math.round((days - shift) * millisecondsPerDay));
}

/** Whether a format shows dates or times. */
export function isDateFormat(format: unknown): format is string {
  return typeof format === "string" && format !== "General" && SSF.is_date(format);
}

/** A format with hours or seconds, and neither days nor years; `m` may be minutes. */
function isTimeOnly(format: string): boolean {
  const letters = format.replace(quoted, "").toLowerCase();
  return /[hs]/.test(letters) && !/[dyeb]/.test(letters.replace(/general/g, ""));
}
