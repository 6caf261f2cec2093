/** `node sample/make.js` makes the versions of the sample, which are binary files, anew. */
import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { utils, write } from "@e965/xlsx";

const header = ["Tag", "Name", "Flow", "Commissioned", "Spare"];
const date = (year, month, day) => new Date(Date.UTC(year, month - 1, day));
const pumps = [
  ["P-101", "Feed pump", 12.5, date(2019, 4, 1), false],
  ["P-102", "Feed pump", 12.5, date(2021, 11, 15), true],
  ["P-201", "Drain pump", 4, date(2020, 2, 29), false],
];
const valves = [
  ["V-1", "Gate valve", 50],
  ["V-2", "Ball valve", 80],
];
const changed = pumps.map((row) => (row[0] === "P-102" ? row.with(4, false) : row));

/** A sheet with a title above its table of pumps, and one with a formula in its table of valves. */
function plant(pumpRows, valveRows) {
  const pumpSheet = utils.aoa_to_sheet([["Pumps of the north plant"], [], header, ...pumpRows], { UTC: true });
  const valveSheet = utils.aoa_to_sheet([["Tag", "Name", "Size", "Area"], ...valveRows]);
  valveRows.forEach((row, index) => {
    valveSheet[`D${index + 2}`] = { t: "n", f: `C${index + 2}^2*PI()/4`, v: (row[2] ** 2 * Math.PI) / 4 };
  });
  return { Pumps: pumpSheet, Valves: valveSheet };
}

const versions = {
  "1-first/plant.xlsx": plant(pumps, valves),
  "2-changed/plant.xlsx": plant(changed, valves),
  "3-deleted/plant.xlsx": plant(pumps, valves.slice(1)),
  "4-reordered/plant.xlsx": plant(pumps.toReversed(), valves.toReversed()),
  "other/harbour.ods": { Cranes: utils.aoa_to_sheet([["Tag", "Reach"], ["P-101", 42.5], ["C-2", 38]]) }, // prettier-ignore
};

for (const [name, sheets] of Object.entries(versions)) {
  const workbook = utils.book_new();
  for (const [sheetName, sheet] of Object.entries(sheets)) utils.book_append_sheet(workbook, sheet, sheetName);
  const content = write(workbook, { type: "buffer", bookType: extname(name).slice(1), compression: true });
  writeFileSync(new URL(name, import.meta.url), content);
}
