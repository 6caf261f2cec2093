/**
 * What a cell holds. Empty are `undefined`, `null` and the empty text. A date has no time zone: its UTC parts are what the
 * source shows; one at midnight is a day.
 * @public
 */
export type CellContent = string | number | bigint | boolean | Date | null | undefined;

/** Whether a cell holds nothing. */
export function isEmpty(content: CellContent): content is "" | null | undefined {
  return content === "" || content === undefined || content === null;
}
