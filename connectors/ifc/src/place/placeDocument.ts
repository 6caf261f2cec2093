import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "itwin-connector-framework";
import { IModelFrame, type Bounds, type Placement } from "itwin-connector-framework/places";
import type { FilePoint, GeoReferences, Report } from "../model/records.js";
import type { FilePlace } from "./FilePlace.js";
import { FileTransform } from "./FileTransform.js";
import { Locator, type LocatorOptions } from "./Locator.js";

/** What is looked at around the centre of a file, in metres. */
const reach = 100;

/** A file that is to be brought to its place. */
export interface DocumentToPlace {
  readonly path: string;
  readonly references: GeoReferences;
  readonly options: LocatorOptions;
  /** Called with a key and a message. */
  readonly report: Report;
}

/**
 * Brings a file to its place on the Earth. An iModel that has no place gets that of the file, and its coordinates are those of
 * the file unless that has its contents far from its origin.
 * @returns how coordinates of the file become those of the iModel; undefined where they are the same
 * @throws ConnectorError `places/too-far`; `places/unknown-crs` and the like for an option that is wrong
 */
export function placeDocument(imodel: IModelDb, document: DocumentToPlace): FileTransform | undefined {
  const { path, references, options, report } = document;
  for (const { code, message } of references.issues) report(code.replace(/^places\//, ""), message);
  const place = new Locator(references, options, report).find();
  if (place === undefined) {
    if (imodel.isGeoLocated)
      report(
        "no-place",
        "The file has no place on the Earth that can be used, but the iModel has one. The coordinates of the file are taken for those of the iModel.",
      );
    return undefined;
  }
  const { centre } = references;
  const frame = IModelFrame.of(imodel, options.grids) ?? giveFrame(imodel, place, centre, options);
  const placement = inFrame(frame, place, centre, path);
  for (const { key, message } of [...place.notes, ...placement.notes])
    report(key, `${message} (${place.reference.entity})`);
  const transform = FileTransform.around(centre, place, placement);
  // An earlier version left only a location, from which the plane of the map is known to some digits.
  return transform?.isTiny === true && !frame.hasMap ? undefined : transform;
}

/** The iModel lies in the map as the file does, with its origin at the file's, or at the contents where these are far away. */
function giveFrame(imodel: IModelDb, place: FilePlace, centre: FilePoint, { grids }: LocatorOptions): IModelFrame {
  const [east, north, height] = place.toMap(centre);
  const { rotation } = place.reference;
  const seat = { origin: [east, north], height, rotation, scale: place.scale } as const;
  return IModelFrame.on(imodel, place.system, seat, grids);
}

function inFrame(frame: IModelFrame, place: FilePlace, centre: FilePoint, path: string): Placement {
  try {
    return frame.place({ system: place.system, bounds: boundsAround(centre, place), hasHeights: true });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { code, message, advice, cause } = error;
    throw new ConnectorError(code, `${message} So says ${place.reference.entity}.`, {
      source: { file: path },
      advice,
      cause,
    });
  }
}

function boundsAround([x, y, z]: FilePoint, place: FilePlace): Bounds {
  const corners = [-reach, reach].flatMap((dx) => [-reach, reach].map((dy) => place.toPosition([x + dx, y + dy, z])));
  const [firsts, seconds] = [corners.map(([first]) => first), corners.map(([, second]) => second)];
  return [Math.min(...firsts), Math.min(...seconds), Math.max(...firsts), Math.max(...seconds)];
}
