import { hash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import type { SourceDocument } from "itwin-connector-framework";

/**
 * The state of a document together with what decides its place beside it: the grids, and the iModel's place, where another
 * program has changed that since the document was first read.
 * @param grids - the folder of the grids
 */
export function documentState(imodel: IModelDb, document: SourceDocument, grids: string | undefined): SourceDocument {
  const first = imodel.queryFilePropertyString(propertyOf(document.id));
  const now = placeOf(imodel);
  const more = [
    ...(first === undefined || first === now ? [] : [now]),
    ...(grids === undefined ? [] : listGrids(grids)),
  ];
  if (more.length === 0) return document;
  return { ...document, checksum: hash("sha256", [document.checksum, ...more].join("\n"), "hex") };
}

/** Keeps the iModel's place for later runs, where the document has none that is kept. */
export function keepState(imodel: IModelDb, path: string): void {
  const property = propertyOf(basename(path));
  if (imodel.queryFilePropertyString(property) === undefined) imodel.saveFileProperty(property, placeOf(imodel));
}

function propertyOf(documentId: string): { namespace: string; name: string } {
  return { namespace: "itwin-connector-ifc", name: `Place ${documentId}` };
}

/** To a millimetre, and to a millimetre in ten kilometres. */
function placeOf({ ecefLocation }: IModelDb): string {
  if (ecefLocation === undefined) return "none";
  const { origin } = ecefLocation;
  const { matrix } = ecefLocation.getTransform();
  return JSON.stringify([
    [origin.x, origin.y, origin.z].map((value) => value.toFixed(3)),
    Array.from(matrix.coffs, (value) => value.toFixed(7)),
  ]);
}

/** The files by name, size and time. A folder that is not there is reported when it is needed. */
function listGrids(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.gsb$/i.test(name));
    return names.sort().map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  } catch {
    return ["none"];
  }
}
