import type { TextFile } from "itwin-connector-framework/tables";
import type { CsvLayout } from "./CsvLayout.js";

const delimiterNames: Readonly<Record<string, string>> = { ";": "semicolon", "\t": "tab", "|": "bar", " ": "space" };
const separatorNames: Readonly<Record<string, string>> = {
  ",": "comma",
  ".": "point",
  "'": "apostrophe",
  " ": "space",
};

/** What an ISO date with a space has, which nobody takes for another one. */
const plainDates = "yyyy-MM-dd";

/** How a file is read, in words, as far as it differs from commas and a header in line 1. Undefined where it does not. */
export function describeLayout({ encoding }: TextFile, layout: CsvLayout): string | undefined {
  const parts = [
    describeEncoding(encoding),
    ...describeForm(layout),
    ...describeLines(layout),
    ...describeNotation(layout),
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(", ");
}

function describeEncoding(encoding: string): string | undefined {
  return encoding.toLowerCase() === "utf-8" ? undefined : encoding;
}

function describeForm(layout: CsvLayout): (string | undefined)[] {
  const { delimiter, quote, escape, trim } = layout.form;
  const comment = commentOf(layout);
  return [
    delimiter === "," ? undefined : delimiter === undefined ? "whitespace" : nameOf(delimiter, delimiterNames),
    quote === '"' ? undefined : quote === undefined ? "no quotes" : `quote ${quote}`,
    escape === quote ? undefined : `escape ${escape ?? ""}`,
    comment === undefined ? undefined : `comments after ${comment}`,
    trim ? "spaces around cells left out" : undefined,
  ];
}

/** What comments begin with, where there are some or the dialect says it. */
function commentOf({ form, comments }: CsvLayout): string | undefined {
  if (comments === undefined) return form.comment;
  return comments.isBelowHeader ? comments.mark : undefined;
}

function describeLines({ headerLine, units }: CsvLayout): (string | undefined)[] {
  const header = headerLine === 0 ? "no header" : `header in line ${headerLine}`;
  return [headerLine === 1 ? undefined : header, units === undefined ? undefined : `units in line ${units.line}`];
}

function describeNotation({ notation: { decimal, thousands, dates = [], nullMarks = [] } }: CsvLayout) {
  return [
    decimal === "," ? "decimal comma" : undefined,
    thousands === undefined ? undefined : `${nameOf(thousands, separatorNames)} between thousands`,
    ...dates.filter((form) => form !== plainDates).map((form) => `dates ${form}`),
    nullMarks.length === 0 ? undefined : `empty: ${nullMarks.join(" ")}`,
  ];
}

function nameOf(text: string, names: Readonly<Record<string, string>>): string {
  return names[text] ?? JSON.stringify(text);
}
