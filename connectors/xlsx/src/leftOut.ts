import type { NotImportedReport } from "itwin-connector-framework";
import { hasValues } from "./sheetSelection.js";
import type { SheetTable } from "./SheetTable.js";
import type { Cell, Workbook } from "./workbook.js";
import type { XlsxOptions } from "./xlsxOptions.js";

/** What is not a cell, by the names of its files in .xlsx and .ods workbooks. */
const embedded: readonly (readonly [what: string, file: RegExp])[] = [
  ["chart", /^xl\/charts\/chart[^/]*\.xml$/],
  ["picture", /^(?:xl\/media|Pictures)\/[^/]+$/],
  ["embedded object", /^(?:xl\/embeddings\/[^/]+|Object \d+\/content\.xml)$/],
  ["macro project", /^xl\/vbaProject\.bin$/],
];

/** What a cell has beside its value. */
const attachments: readonly (readonly [what: string, has: (cell: Cell) => boolean])[] = [
  ["comment", ({ c = [] }) => c.length > 0],
  ["hyperlink", ({ l }) => l !== undefined],
];

/** What a workbook holds and no element gets, unless an option says so. How cells look is not content. */
export function findLeftOut(
  workbook: Workbook,
  tables: readonly SheetTable[],
  options: XlsxOptions,
): NotImportedReport[] {
  return [
    ...sheetsLeftOut(workbook, options),
    ...embedded.flatMap(([what, file]) => {
      const files = workbook.entries.filter((name) => file.test(name));
      return sumUp(what, "only values of cells are imported", files);
    }),
    ...tables.flatMap((table) => [
      ...sumUp(
        "cell above the header",
        "only rows below the header are imported",
        placesIn(table, table.cellsAboveHeader),
      ),
      ...sumUp("cell with an error", "an error such as #N/A stands for no value", placesIn(table, table.errorCells)),
      ...attachmentsOf(table),
    ]),
  ];
}

function sheetsLeftOut({ sheets, others }: Workbook, options: XlsxOptions): NotImportedReport[] {
  if (options.sheets !== undefined) return [];
  const hidden = options.hiddenSheets === undefined ? sheets.filter((sheet) => sheet.isHidden && hasValues(sheet)) : [];
  return [
    ...hidden.map(({ name }) => ({
      what: "hidden sheet",
      reason: 'it is read only if the option "sheets" or "hiddenSheets" says so',
      example: name,
    })),
    ...others.map(({ name, type }) => ({ what: `${type} sheet`, reason: "it has no cells", example: name })),
  ];
}

function attachmentsOf(table: SheetTable): NotImportedReport[] {
  const places = attachments.map((): string[] => []);
  for (const [address, cell] of table.cells())
    for (const [index, [, has]] of attachments.entries()) if (has(cell)) places[index]?.push(address);
  return attachments.flatMap(([what], index) =>
    sumUp(what, "only values of cells are imported", placesIn(table, places[index] ?? [])),
  );
}

function placesIn({ sheet }: SheetTable, addresses: readonly string[]): string[] {
  return addresses.map((address) => `sheet ${sheet.sheetName}, cell ${address}`);
}

function sumUp(what: string, reason: string, [example, ...others]: readonly string[]): NotImportedReport[] {
  return example === undefined ? [] : [{ what, reason, example, count: others.length + 1 }];
}
