import { classNameOf } from "itwin-connector-framework/internal";
import type { SourceErrors } from "itwin-connector-framework/tables";
import type { SelectedSheet } from "./sheetSelection.js";

/** The class of a sheet's rows: named after the sheet, however many sheets there are, so that one more renames none. */
export function classNameFor({ name, options }: Pick<SelectedSheet, "name" | "options">): string {
  return options.className ?? classNameOf(name);
}

/**
 * Refuses sheets whose rows would be of one class: their identifiers would meet.
 * @param given - the class name for a workbook of one sheet
 */
export function checkClassNames(sheets: SelectedSheet[], given: string | undefined, errors: SourceErrors): void {
  if (given !== undefined) applyTo(sheets, given, errors);
  const owners = new Map<string, string>();
  for (const sheet of sheets) {
    const className = classNameFor(sheet);
    const owner = owners.get(className.toLowerCase());
    owners.set(className.toLowerCase(), sheet.name);
    if (owner === undefined) continue;
    throw errors.make(
      "same-class",
      `The sheets "${owner}" and "${sheet.name}" would both have the class ${className}.`,
      {
        source: { sheet: sheet.name },
        advice: `Name one, as in "sheets": {"${owner}": {}, "${sheet.name}": {"className": "${className}2"}}.`,
      },
    );
  }
}

function applyTo(sheets: SelectedSheet[], className: string, errors: SourceErrors): void {
  const [sheet, ...others] = sheets;
  if (others.length > 0)
    throw errors.make("same-class", `The option "className" names one class, and there are ${sheets.length} sheets.`, {
      source: {},
      advice: 'Name the class of each sheet, as in "sheets": {"Pumps": {"className": "Pump"}}.',
    });
  if (sheet !== undefined) sheets[0] = { ...sheet, options: { className, ...sheet.options } };
}
