import { typeOfCell } from "./columnTypes.js";

/** What stands for each part of a form. */
const parts: Readonly<Record<string, string>> = {
  yyyy: "(?<year>\\d{4})",
  MM: "(?<month>\\d\\d)",
  M: "(?<month>\\d{1,2})",
  dd: "(?<day>\\d\\d)",
  d: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d\\d)",
  H: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d\\d)",
  ss: "(?<second>\\d\\d(?:\\.\\d{1,3})?)",
};
const partOrOther = /yyyy|MM?|dd?|HH?|mm|ss|[^]/g;

/** A form of a day alone takes a time of day too, as most programs write one. */
const timeAfterDay = "(?:[ T](?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d(?:\\.\\d{1,3})?))?)?";

/** A form of dates, such as `dd.MM.yyyy`, as an expression. */
export class DateForm {
  private readonly _expression: RegExp;

  public constructor(form: string) {
    const body = form.replace(partOrOther, (part) => parts[part] ?? part.replace(/[^\p{L}\p{N}\s]/u, "\\$&"));
    this._expression = new RegExp(`^${body}${/[Hms]/.test(form) ? "" : timeAfterDay}$`);
  }

  /** The same date in ISO 8601; undefined for a text that has another form, or is no real day and time. */
  public read(text: string): string | undefined {
    const found = this._expression.exec(text)?.groups;
    if (found === undefined) return undefined;
    const { year = "", month = "", day = "", hour, minute = "00", second } = found;
    const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    const time =
      hour === undefined ? "" : `T${hour.padStart(2, "0")}:${minute}${second === undefined ? "" : `:${second}`}`;
    return typeOfCell(date + time) === "string" ? undefined : date + time;
  }
}

/**
 * What is wrong with a form of dates. Undefined where nothing is.
 * @public
 */
export function faultOfDateForm(form: string): string | undefined {
  const found = (form.match(partOrOther) ?? []).filter((part) => part in parts).map((part) => part.charAt(0));
  const lacks = ["y", "M", "d"].filter((part) => !found.includes(part));
  if (lacks.length > 0) return "lacks yyyy, MM or dd";
  if (new Set(found).size < found.length) return "names a part twice";
  return found.includes("H") || !/[ms]/.test(found.join("")) ? undefined : "has minutes or seconds without HH";
}
