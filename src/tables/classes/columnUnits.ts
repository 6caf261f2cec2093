import { findUnit, findUnitBySymbol } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import { isNumeric } from "../cells/columnTypes.js";
import type { TableSurvey } from "../survey/tableSurvey.js";

/** A unit in brackets at the end of a header, such as `Flow [m3/h]` or `Length (mm)`. */
const bracketed = /\S\s*[[(]([^[\]()]+)[\])]\s*$/;

/** What stands in a row of units for a number without one. */
const noUnit = /^[\s[\]()–—-]*$/;

/** The unit of a column of numbers, as the table or the header says it. Undefined without one, and for one that is not known. */
export function unitOfColumn({ header, units, columns }: TableSurvey, index: number): Unit | undefined {
  if (!isNumeric(columns[index]?.type)) return undefined;
  const text = units?.[index] ?? bracketed.exec(header.names[index] ?? "")?.[1];
  return text === undefined ? undefined : findColumnUnit(text);
}

/** The units of columns of numbers that a row of units gives and that are not known, each with its column. */
export function unknownUnits({ header, units = [], columns }: TableSurvey): [column: string, unit: string][] {
  return units.flatMap((text, index) => {
    const isMeant = isNumeric(columns[index]?.type) && text !== undefined && !noUnit.test(text);
    return isMeant && findColumnUnit(text) === undefined ? [[header.names[index] ?? "", text.trim()]] : [];
  });
}

/** Brackets around a unit of a row of units are not part of it. In a table, `MN` is the meganewton. */
function findColumnUnit(text: string): Unit | undefined {
  const bare = text.trim().replace(/^[[(](.*)[\])]$/, "$1");
  return bare === "" ? undefined : (findUnitBySymbol(bare) ?? findUnit(bare));
}
