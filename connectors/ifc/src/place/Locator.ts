import { expectDefined } from "@itwin/core-bentley";
import { Point3d } from "@itwin/core-geometry";
import { ConnectorError } from "itwin-connector-framework";
import { CoordinateSystem, type CrsNote, type CrsOptions } from "itwin-connector-framework/places";
import type { GeoReference, GeoReferences, Report } from "../model/records.js";
import { isInside, mapCoordinates, type MapCoordinates } from "./coordinates.js";
import { FilePlace } from "./FilePlace.js";
import { mapScale, mostDistortion } from "./mapScale.js";
import { systemTexts } from "./systemTexts.js";

/** What the user says of coordinate systems. */
export interface LocatorOptions extends CrsOptions {
  /** The coordinate system, in place of the one that the file names. */
  readonly crs?: string;
}

const wgs84 = "EPSG:4326";

/** A length that is short against the Earth, in metres. */
const step = 100;

/** Finds the first of a file's places on the Earth that can be used. */
export class Locator {
  private readonly _option: CoordinateSystem | undefined;

  /** @throws ConnectorError for an option `crs` that is not known */
  public constructor(
    private readonly _references: GeoReferences,
    private readonly _options: LocatorOptions,
    private readonly _report: Report,
  ) {
    this._option = _options.crs === undefined ? undefined : CoordinateSystem.read(_options.crs, _options);
  }

  /** The place of the file; undefined where it says none that can be used, which is reported. */
  public find(): FilePlace | undefined {
    const { candidates } = this._references;
    if (this._option !== undefined && candidates.every(({ crs }) => crs === undefined))
      this._report(
        "crs-unused",
        'The option "crs" is not used: the file has no IfcMapConversion with eastings and northings.',
      );
    for (const reference of candidates) {
      const place = this._locate(reference);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  private _locate(reference: GeoReference): FilePlace | undefined {
    for (const system of this._systemsOf(reference)) {
      const place = this._placeIn(system, reference);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  private *_systemsOf({ entity, crs }: GeoReference): Generator<CoordinateSystem> {
    if (crs === undefined) yield CoordinateSystem.read(wgs84, this._options);
    else if (this._option !== undefined) yield this._option;
    else {
      const refusals: ConnectorError[] = [];
      let isKnown = false;
      for (const { text, isGuessed } of systemTexts(crs)) {
        const system = this._read(text, refusals);
        if (system === undefined) continue;
        isKnown = true;
        if (isGuessed)
          this._report(
            "guessed-crs",
            `${crs.entity} is taken for "${system.name}", by its datum, projection and zone.`,
          );
        yield system;
      }
      if (!isKnown) this._reportUnknown(entity, crs.entity, refusals[0]);
    }
  }

  private _read(text: string, refusals: ConnectorError[]): CoordinateSystem | undefined {
    try {
      return CoordinateSystem.read(text, this._options);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      refusals.push(error);
      return undefined;
    }
  }

  private _reportUnknown(entity: string, crs: string, refusal: ConnectorError | undefined): void {
    const [, key = "unknown-crs"] = refusal?.code.split("/") ?? [];
    const reason = refusal?.message ?? "It names no coordinate system.";
    const advice = refusal?.advice ?? 'Name it with the option "crs".';
    this._report(key, `${entity} cannot be used, with ${crs}. ${reason} ${advice}`);
  }

  private _placeIn(system: CoordinateSystem, reference: GeoReference): FilePlace | undefined {
    const { metresPerLength } = this._references;
    const found = mapCoordinates(reference, system, metresPerLength, this._report);
    if (found === undefined) return undefined;
    const { scale, fault } = mapScale(reference, metresPerLength, found.metres);
    const place = this._onEarth(this._put(system, reference, found, scale), system);
    if (place !== undefined && fault !== undefined) this._report("scale", fault);
    if (place !== undefined) this._reportDistortion(place);
    return place;
  }

  /** Such as in Web Mercator, where a building of 100 m in the map is one of 70 m on the Earth. */
  private _reportDistortion(place: FilePlace): void {
    const [x, y, z] = this._references.centre;
    const at = (east: number) => place.toPosition([x + east, y, z]);
    const transformation = place.system.transformation(at(0));
    const [from, to] = [at(-step), at(step)].map((position) => Point3d.create(...transformation.toEcef(position)));
    const metres = expectDefined(from).distance(expectDefined(to)) / (2 * step);
    if (!(Math.abs(metres - 1) > mostDistortion)) return;
    this._report(
      "distorted",
      `A metre of the file is ${metres.toFixed(3)} m on the Earth, by ${place.reference.entity} in "${place.system.name}". The program that wrote the file should use a map in which lengths are true, or give the scale of the map.`,
    );
  }

  private _put(
    system: CoordinateSystem,
    reference: GeoReference,
    { coordinates, metres }: MapCoordinates,
    scale: number,
  ): FilePlace {
    const height = reference.height * (reference.heightMetres ?? metres);
    const heights = heightNotes(reference, system);
    if (!system.isGeographic) {
      return new FilePlace(reference, system, { origin: coordinates, height, scale }, heights);
    }
    const position = system.fromEastNorth(coordinates);
    const transformation = system.transformation(position);
    const plane = planeAt(transformation.toDegrees(position));
    return new FilePlace(reference, plane, { origin: [0, 0], height, scale }, [...transformation.notes, ...heights]);
  }

  private _onEarth(place: FilePlace, system: CoordinateSystem): FilePlace | undefined {
    const { reference } = place;
    const position = place.toPosition(this._references.centre);
    if (isInside(place.system, position) !== undefined) return place;
    const shown = reference.coordinates.join(", ");
    this._report(
      "out-of-range",
      `${reference.entity} cannot be used: its coordinates ${shown} do not lie on the Earth in "${system.name}". Correct them, or name the coordinate system with the option "crs".`,
    );
    return undefined;
  }
}

/** The plane that touches the Earth at a place. */
function planeAt([longitude, latitude]: readonly [number, number]): CoordinateSystem {
  return CoordinateSystem.read(`+proj=laea +lat_0=${latitude} +lon_0=${longitude} +x_0=0 +y_0=0 +datum=WGS84 +units=m`);
}

/** A file names the surface of its heights beside the system, whose own one is reported with its place. */
function heightNotes({ crs }: GeoReference, { vertical }: CoordinateSystem): CrsNote[] {
  if (crs?.vertical === undefined || vertical !== undefined || /ellips/i.test(crs.vertical)) return [];
  const message = `${crs.entity} has heights above "${crs.vertical}". They are taken as they are: on a globe they stand as if they were above the ellipsoid, which is up to 100 m from the sea.`;
  return [{ key: "heights", message }];
}
