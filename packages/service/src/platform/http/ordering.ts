import { invalidValue, unprocessable } from "../errors.js";

/** A column by which a list is ordered. */
export interface Order<Column extends string> {
  column: Column;
  direction: "asc" | "desc";
}

/**
 * Reads `$orderBy`, such as `name desc` or `name,createdDateTime`.
 * @param columns - by property
 * @param invalidCode - of the 422 answer
 * @throws HttpError 422
 */
export function readOrder<Column extends string>(
  text: string | undefined,
  columns: Record<string, Column>,
  invalidCode: string,
): Order<Column>[] {
  if (text === undefined) return [];
  return text.split(",").map((part) => {
    const [property = "", direction = "asc", ...rest] = part.trim().split(/\s+/);
    const column = Object.hasOwn(columns, property) ? columns[property] : undefined;
    if (column === undefined || !isDirection(direction) || rest.length > 0)
      throw unprocessable(invalidCode, [invalidValue("$orderBy")]);
    return { column, direction };
  });
}

function isDirection(text: string): text is "asc" | "desc" {
  return text === "asc" || text === "desc";
}
