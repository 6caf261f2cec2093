import { degreesOf } from "../degrees.js";
import type { IfcFile } from "../IfcFile.js";
import type { GeoReference, Report } from "../records.js";
import type { Units } from "../units/Units.js";
import type { ContextReader } from "./ContextReader.js";
import { entityName } from "../entityName.js";
import type { Placements } from "./Placements.js";

/** Reads latitude and longitude of an IfcSite: its placement lies there, and TrueNorth points north. */
export class SiteReader {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
    private readonly _placements: Placements,
    private readonly _contexts: ContextReader,
    private readonly _report: Report,
  ) {}

  /** The first site with a place. */
  public read(): GeoReference[] {
    for (const site of this._file.all("IFCSITE")) {
      const coordinates = this._coordinatesOf(site);
      if (coordinates === undefined) continue;
      return [
        {
          entity: entityName(this._file, site),
          anchor: this._placements.ofEntity(site)?.origin ?? [0, 0, 0],
          coordinates,
          degrees: 1,
          height: this._file.number(site, "RefElevation") ?? 0,
          heightMetres: this._units.metresPerLength,
          rotation: this._contexts.trueNorth(),
        },
      ];
    }
    return [];
  }

  private _coordinatesOf(site: number): [number, number] | undefined {
    const latitude = degreesOf(this._file.numbers(site, "RefLatitude"));
    const longitude = degreesOf(this._file.numbers(site, "RefLongitude"));
    if (latitude === undefined && longitude === undefined) return undefined;
    const fault = faultOf(latitude, longitude);
    if (fault === undefined && latitude !== undefined && longitude !== undefined) return [longitude, latitude];
    this._report(
      "site",
      `${entityName(this._file, site)} ${fault}; it is not used as a place. Correct it in the program that wrote the file.`,
    );
    return undefined;
  }
}

function faultOf(latitude: number | undefined, longitude: number | undefined): string | undefined {
  if (latitude === undefined || longitude === undefined) return "has only one of RefLatitude and RefLongitude";
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return `has the latitude ${latitude} and the longitude ${longitude}, which are not on the Earth`;
  if (latitude === 0 && longitude === 0)
    return "has the latitude 0 and the longitude 0, as programs write it where they know no place";
  return undefined;
}
