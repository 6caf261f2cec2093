import { posix } from "node:path";
import { utils, type Range, type WorkBook } from "@e965/xlsx";
import { tagsOf } from "./xml.js";
import type { ZipFiles } from "./zip.js";

/** A table or a name of a workbook, which stands for a part of a sheet. */
export interface NamedRange {
  readonly name: string;
  /** The name of the sheet. */
  readonly sheet: string;
  readonly range: Range;
  /** The row of its header, counted from 1, or 0 for none. Undefined where it is to be found. */
  readonly header?: number;
}

/** The tables of an .xlsx, and the names of any workbook that stand for a range of one sheet. */
export function findNamedRanges(workbook: WorkBook, files: ZipFiles | undefined): NamedRange[] {
  const tables = files === undefined ? [] : tablesOf(files);
  const names = (workbook.Workbook?.Names ?? []).flatMap(({ Name: name, Ref }) => {
    const [, quoted, plain, address = ""] = /^=?(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)$/.exec(Ref) ?? [];
    const range = rangeOf(address);
    const sheet = quoted?.replaceAll("''", "'") ?? plain ?? "";
    return range === undefined || name.startsWith("_xlnm.") ? [] : [{ name, sheet, range }];
  });
  return [...tables, ...names.filter(({ name }) => !tables.some((table) => table.name === name))];
}

/** A range of more than one cell, such as `B3:F20`; undefined for other texts. */
export function rangeOf(address: string): Range | undefined {
  if (!/^\$?[A-Z]{1,3}\$?[1-9]\d{0,6}:\$?[A-Z]{1,3}\$?[1-9]\d{0,6}$/i.test(address)) return undefined;
  const { s, e } = utils.decode_range(address.toUpperCase().replaceAll("$", ""));
  return { s: { r: Math.min(s.r, e.r), c: Math.min(s.c, e.c) }, e: { r: Math.max(s.r, e.r), c: Math.max(s.c, e.c) } };
}

/** A sheet refers to its tables, and the workbook to its sheets, by paths. */
function tablesOf(files: ZipFiles): NamedRange[] {
  const workbook = "xl/workbook.xml";
  const parts = partsOf(files, workbook);
  const sheets = Array.from(tagsOf(textOf(files, workbook), "(?:\\w+:)?sheet"), ([, tag]) => tag);
  return sheets.flatMap((sheet) => {
    const path = parts.get(sheet.raw("\\w+:id")) ?? "";
    const tables = [...partsOf(files, path).values()].filter((part) => part.includes("/tables/"));
    return tables.flatMap((table) => tableOf(textOf(files, table), sheet.text("name")));
  });
}

function tableOf(xml: string, sheet: string): NamedRange[] {
  return Array.from(tagsOf(xml, "(?:\\w+:)?table")).flatMap(([, tag]) => {
    const range = rangeOf(tag.raw("ref"));
    if (range === undefined) return [];
    const { s, e } = range;
    const header = tag.raw("headerRowCount") === "0" ? 0 : s.r + 1;
    const data = { s, e: { ...e, r: e.r - Number(tag.raw("totalsRowCount")) } };
    return [{ name: tag.text("displayName") || tag.text("name"), sheet, range: data, header }];
  });
}

/** The paths of the files that a file refers to, by their ids. */
function partsOf(files: ZipFiles, path: string): Map<string, string> {
  const folder = posix.dirname(path);
  const xml = textOf(files, `${folder}/_rels/${posix.basename(path)}.rels`);
  const relationships = Array.from(tagsOf(xml, "(?:\\w+:)?Relationship"), ([, tag]) => tag);
  return new Map(relationships.map((tag) => [tag.raw("Id"), pathOf(folder, tag.text("Target"))]));
}

function pathOf(folder: string, target: string): string {
  return target.startsWith("/") ? target.slice(1) : posix.join(folder, target);
}

function textOf(files: ZipFiles, path: string): string {
  return files.get(path)?.toString("utf8") ?? "";
}
