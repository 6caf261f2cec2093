/** A transform as twelve numbers, by row: each row of its matrix is followed by its part of the translation. */
export type Rows = readonly number[];

/**
 * web-ifc's transform, which is given by column and turns z, which points up in IFC, to y: turned back.
 */
export function fromYUp(columns: readonly number[]): Rows {
  const row = (index: number, sign: number) => [0, 1, 2, 3].map((column) => sign * (columns[column * 4 + index] ?? 0));
  return [...row(0, 1), ...row(2, -1), ...row(1, 1)];
}

/** The transform with its matrix, but not its translation, scaled. */
export function scaleRows(rows: Rows, factor: number): Rows {
  return rows.map((value, index) => (index % 4 === 3 ? value : value * factor));
}
