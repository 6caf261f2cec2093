import { headingOf } from "../elements/PropertyReader.js";
import type { Value } from "../elements/values.js";
import type { ElementRow, RowPart } from "./ElementRows.js";
import type { TableWriter } from "./TableWriter.js";

/** Writes a table as JSON Lines: an object for each element, in a line of its own. */
export class JsonLinesWriter implements TableWriter {
  public begin(): string {
    return "";
  }

  public row({ base, element, aspects, provenance }: ElementRow): string {
    const object = {
      ...base,
      class: element.info.name,
      ...contentOf(element),
      aspects: aspects.map((aspect) => ({ class: aspect.info.name, label: aspect.info.label, ...contentOf(aspect) })),
      provenance: provenance.map(({ document, ...item }) => ({
        ...item,
        document: document?.name,
        path: document?.path,
      })),
    };
    return `${JSON.stringify(object)}\n`;
  }

  public end(): string {
    return "";
  }
}

/** Properties that have a value, and the units of those that have one. */
function contentOf({ columns, values }: RowPart): object {
  const properties: Record<string, Value> = {};
  const units: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const heading = headingOf(column);
    const key = Object.hasOwn(properties, heading) ? column.name : heading; // labels may come twice
    properties[key] = value;
    if (column.unit !== undefined) units[key] = column.unit.unit;
  }
  return { properties, ...(Object.keys(units).length > 0 && { units }) };
}
