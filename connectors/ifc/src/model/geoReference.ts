import { degreesOf } from "./degrees.js";
import type { IfcFile } from "./IfcFile.js";
import type { GeoReference } from "./records.js";
import type { Units } from "./Units.js";

/** A point of the file, in metres. */
export type FilePoint = readonly [x: number, y: number, z: number];

/**
 * Where a file is on the Earth: what IfcMapConversion says with IfcProjectedCRS, else the latitude and longitude of an
 * IfcSite together with true north.
 * @param placementOf - where an entity is
 */
export async function readGeoReference(
  file: IfcFile,
  units: Units,
  placementOf: (id: number) => Promise<FilePoint>,
): Promise<GeoReference | undefined> {
  return readMapConversion(file, units) ?? (await readSite(file, units, placementOf));
}

function readMapConversion(file: IfcFile, units: Units): GeoReference | undefined {
  const [conversion] = file.all("IFCMAPCONVERSION");
  if (conversion === undefined) return undefined;
  const crs = file.reference(conversion, "TargetCRS");
  const name = crs === undefined ? undefined : file.text(crs, "Name");
  if (crs === undefined || name === undefined) return undefined;
  const mapUnit = file.reference(crs, "MapUnit");
  const metresPerUnit = mapUnit === undefined ? units.metresPerLength : units.factorOf(mapUnit);
  const metres = (attribute: string) => (file.number(conversion, attribute) ?? 0) * metresPerUnit;
  // Scale is map units for each unit of the file. Many programs leave it at 1, or out, whatever the two units are.
  const scale = file.number(conversion, "Scale") ?? 1;
  const isInUnits = Math.abs((scale * metresPerUnit) / units.metresPerLength - 1) < 0.1;
  return {
    projected: name,
    anchor: [0, 0, 0],
    origin: [metres("Eastings"), metres("Northings")],
    height: metres("OrthogonalHeight"),
    rotation: Math.atan2(file.number(conversion, "XAxisOrdinate") ?? 0, file.number(conversion, "XAxisAbscissa") ?? 1),
    scale: isInUnits ? (scale * metresPerUnit) / units.metresPerLength : scale,
  };
}

async function readSite(
  file: IfcFile,
  units: Units,
  placementOf: (id: number) => Promise<FilePoint>,
): Promise<GeoReference | undefined> {
  for (const site of file.all("IFCSITE")) {
    const latitude = degreesOf(file.numbers(site, "RefLatitude"));
    const longitude = degreesOf(file.numbers(site, "RefLongitude"));
    if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) continue;
    const height = (file.number(site, "RefElevation") ?? 0) * units.metresPerLength;
    return {
      anchor: await placementOf(site),
      origin: [longitude, latitude],
      height,
      rotation: trueNorth(file),
      scale: 1,
    };
  }
  return undefined;
}

function isWithin(degrees: number | undefined, limit: number): degrees is number {
  return degrees !== undefined && Math.abs(degrees) <= limit;
}

/** The angle from east to the x axis: TrueNorth gives the direction of north in the plane of x and y. */
function trueNorth(file: IfcFile): number {
  for (const context of file.all("IFCGEOMETRICREPRESENTATIONCONTEXT")) {
    const direction = file.reference(context, "TrueNorth");
    const [x, y] = direction === undefined ? [] : file.numbers(direction, "DirectionRatios");
    if (x !== undefined && y !== undefined) return Math.atan2(x, y);
  }
  return 0;
}
