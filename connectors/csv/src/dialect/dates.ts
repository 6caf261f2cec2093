const dayFirstOrLast = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,3})?)?)?$/;
const yearFirst = /^\d{4}([./])(\d{1,2})\1(\d{1,2})(?: \d{1,2}:\d\d(?::\d\d)?)?$/;
const isoWithSpace = /^\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;
const isoDay = /^\d{4}-\d\d-\d\d$/;

/**
 * The forms of dates in columns of nothing but dates, as far as they are certain. Days come before months where points separate
 * them. Else a number above 12 has to show which is the day; the other columns then have the same order.
 */
export function findDateForms(columns: readonly string[][]): string[] {
  const forms = columns.flatMap((values) => (values.length === 0 ? [] : (formOf(values) ?? [])));
  const found = [...new Set(forms)];
  const orders = new Set(found.map(orderIn));
  return found.filter((form) => !orders.has(exchanged(orderIn(form))));
}

function formOf(values: readonly string[]): string | undefined {
  if (areIsoWithSpace(values)) return "yyyy-MM-dd";
  return yearFirstForm(values) ?? dayOrMonthFirstForm(values);
}

/** Days may stand among them, as programs write midnight. */
function areIsoWithSpace(values: readonly string[]): boolean {
  const times = values.filter((value) => isoWithSpace.test(value));
  return times.length > 0 && values.every((value) => isoWithSpace.test(value) || isoDay.test(value));
}

function yearFirstForm(values: readonly string[]): string | undefined {
  const found = values.map((value) => yearFirst.exec(value));
  const separators = new Set(found.map((match) => match?.[1]));
  const [separator] = separators;
  if (separators.size !== 1 || separator === undefined) return undefined;
  const hasShort = found.some((match) => match?.[2]?.length === 1 || match?.[3]?.length === 1);
  return hasShort ? `yyyy${separator}M${separator}d` : `yyyy${separator}MM${separator}dd`;
}

function dayOrMonthFirstForm(values: readonly string[]): string | undefined {
  const found = values.map((value) => dayFirstOrLast.exec(value));
  const separators = new Set(found.map((match) => match?.[2]));
  const [separator] = separators;
  if (separators.size !== 1 || separator === undefined) return undefined;
  const firsts = found.map((match) => match?.[1] ?? "");
  const seconds = found.map((match) => match?.[3] ?? "");
  const hasShort = [...firsts, ...seconds].some((digits) => digits.length === 1);
  const [day, month] = hasShort ? ["d", "M"] : ["dd", "MM"];
  const order = orderOf(firsts, seconds, separator);
  if (order === undefined) return undefined;
  const [first, second] = order === "day" ? [day, month] : [month, day];
  return `${first}${separator}${second}${separator}yyyy`;
}

/** What comes first. */
function orderOf(firsts: string[], seconds: string[], separator: string): "day" | "month" | undefined {
  const canBeMonths = (numbers: string[]) => numbers.every((digits) => Number(digits) <= 12);
  if (!canBeMonths(firsts)) return canBeMonths(seconds) ? "day" : undefined;
  if (!canBeMonths(seconds)) return "month";
  return separator === "." ? "day" : undefined;
}

/** The form without regard to how many digits there are. */
function orderIn(form: string): string {
  return form.replace("dd", "d").replace("MM", "M");
}

/** The same order with day and month exchanged. */
function exchanged(order: string): string {
  return order.replace(/[dM]/g, (part) => (part === "d" ? "M" : "d"));
}
