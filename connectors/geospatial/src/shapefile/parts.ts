import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** The files of a shapefile by their extensions, such as `dbf`. Those that have no meaning for it are left out. */
export type ShapefileParts = { shp: string } & Partial<Record<"shx" | "dbf" | "prj" | "cpg", string>>;

const extensions = ["shx", "dbf", "prj", "cpg"] as const;

/** Finds the files of a shapefile beside its .shp, in whatever case their extensions are. */
export async function findParts(shp: string): Promise<ShapefileParts> {
  const folder = dirname(shp);
  const name = basename(shp, extname(shp));
  const beside = await readdir(folder);
  const parts: ShapefileParts = { shp };
  for (const extension of extensions) {
    const exact = `${name}.${extension}`;
    const file = beside.find((each) => each === exact) ?? beside.find((each) => isPart(each, name, extension));
    if (file !== undefined) parts[extension] = join(folder, file);
  }
  return parts;
}

function isPart(file: string, name: string, extension: string): boolean {
  return basename(file, extname(file)) === name && extname(file).toLowerCase() === `.${extension}`;
}
