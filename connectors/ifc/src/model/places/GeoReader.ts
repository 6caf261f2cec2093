import type { IfcFile } from "../IfcFile.js";
import { CurveReader } from "../curves/CurveReader.js";
import { measuresOf } from "../curves/measuresOf.js";
import type { CrsNames, GeoReference, GeoReferences, Report, ReportedIssue } from "../records.js";
import type { Units } from "../units/Units.js";
import { ContextReader } from "./ContextReader.js";
import { entityName } from "../entityName.js";
import { findCentre } from "./findCentre.js";
import { MapPropertySets } from "./MapPropertySets.js";
import { Placements } from "./Placements.js";
import { rotationOf } from "./rotationOf.js";
import { SiteReader } from "./SiteReader.js";
import { degreesPerUnit, metresPerUnit } from "./unitsOf.js";

/**
 * Reads what a file says of its place on the Earth: IfcMapConversion and IfcRigidOperation with their coordinate systems, else
 * the property sets ePset_MapConversion and ePset_ProjectedCRS, else the latitude and longitude of an IfcSite with true north.
 */
export class GeoReader {
  private readonly _issues: ReportedIssue[] = [];
  private readonly _placements: Placements;
  private readonly _contexts: ContextReader;

  /** @param _setsOf - the property sets of an entity */
  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
    private readonly _setsOf: (id: number) => readonly number[],
  ) {
    this._placements = new Placements(_file, new CurveReader(_file, measuresOf(_file, _units)));
    this._contexts = new ContextReader(_file, this._placements, this._report);
  }

  /** All that the file says, the best first, and what cannot be used of it. */
  public read(): GeoReferences {
    const { metresPerLength } = this._units;
    const sets = new MapPropertySets(this._file, this._contexts, this._report);
    const sites = new SiteReader(this._file, this._units, this._placements, this._contexts, this._report);
    return {
      candidates: [...this._operations(), ...sets.read(this._setsOf), ...sites.read()],
      centre: findCentre(this._file, this._placements, metresPerLength),
      metresPerLength,
      issues: this._issues,
    };
  }

  private readonly _report: Report = (key, message) => {
    this._issues.push({ code: `places/${key}`, message });
  };

  /** The operation of the context for the model comes first; all contexts should have the same one. */
  private _operations(): GeoReference[] {
    const all = [...this._file.all("IFCMAPCONVERSION"), ...this._file.all("IFCRIGIDOPERATION")];
    const rank = (id: number) => this._contexts.rankOf(this._file.reference(id, "SourceCRS"));
    const sorted = all.sort((left, right) => rank(left) - rank(right));
    const [first, ...others] = sorted;
    if (first === undefined) return [];
    const different = others.filter((id) => this._valuesOf(id) !== this._valuesOf(first));
    if (different.length > 0)
      this._report(
        "several",
        `The file has several places on the Earth. ${this._nameOf(first)} is used, which belongs to the context of the model if one does; ${different.map((id) => this._nameOf(id)).join(", ")} is not used.`,
      );
    return sorted.map((id) => this._operation(id)).filter((reference) => reference !== undefined);
  }

  /** The values without the context. */
  private _valuesOf(id: number): string {
    return JSON.stringify([this._file.typeOf(id), this._file.step.valuesOf(id).slice(1)]);
  }

  private _operation(id: number): GeoReference | undefined {
    const crs = this._file.reference(id, "TargetCRS");
    const isKnown = crs !== undefined && this._file.isA(crs, "IFCCOORDINATEREFERENCESYSTEM");
    if (!isKnown) {
      this._report("no-crs", `${this._nameOf(id)} has no coordinate system as its TargetCRS, and is not used.`);
      return undefined;
    }
    return this._file.isA(id, "IFCMAPCONVERSION") ? this._mapConversion(id, crs) : this._rigidOperation(id, crs);
  }

  private _mapConversion(id: number, crs: number): GeoReference | undefined {
    const coordinates = this._coordinates(id, ["Eastings", "Northings"]);
    if (coordinates === undefined) return undefined;
    const { anchor, rotation } = this._contexts.originOf(this._file.reference(id, "SourceCRS"));
    const number = (attribute: string) => this._file.number(id, attribute);
    const entity = this._nameOf(id);
    const turn = rotationOf(entity, number("XAxisAbscissa"), number("XAxisOrdinate"), this._report);
    return {
      entity,
      crs: this._namesOf(crs),
      anchor,
      coordinates,
      height: number("OrthogonalHeight") ?? 0,
      ...this._unitsOf(crs),
      rotation: turn - rotation,
      scale: number("Scale"),
      factors: this._factorsOf(id),
    };
  }

  private _factorsOf(id: number): GeoReference["factors"] {
    if (!this._file.isA(id, "IFCMAPCONVERSIONSCALED")) return undefined;
    const [x = 1, y = 1, z = 1] = ["FactorX", "FactorY", "FactorZ"].map((name) => this._file.number(id, name));
    return [x, y, z];
  }

  /** It moves without turning or scaling. */
  private _rigidOperation(id: number, crs: number): GeoReference | undefined {
    const coordinates = this._coordinates(id, ["FirstCoordinate", "SecondCoordinate"]);
    if (coordinates === undefined) return undefined;
    const { anchor, rotation } = this._contexts.originOf(this._file.reference(id, "SourceCRS"));
    return {
      entity: this._nameOf(id),
      crs: this._namesOf(crs),
      anchor,
      coordinates,
      height: this._file.number(id, "Height") ?? 0,
      ...this._unitsOf(crs),
      rotation: -rotation,
    };
  }

  private _coordinates(id: number, names: readonly [string, string]): [number, number] | undefined {
    const [first, second] = names.map((name) => this._file.number(id, name));
    if (first !== undefined && second !== undefined) return [first, second];
    this._report("no-coordinates", `${this._nameOf(id)} has no number as ${names.join(" or ")}, and is not used.`);
    return undefined;
  }

  private _unitsOf(crs: number): Pick<GeoReference, "metres" | "degrees" | "heightMetres"> {
    const [map, angle, height] = ["MapUnit", "AngleUnit", "HeightUnit"].map((name) => this._file.reference(crs, name));
    const isGeographic = this._file.isA(crs, "IFCGEOGRAPHICCRS");
    const heightMetres = height === undefined ? undefined : metresPerUnit(this._file, this._units, height);
    return {
      metres: map === undefined ? undefined : metresPerUnit(this._file, this._units, map),
      degrees: degreesPerUnit(this._file, this._units, angle ?? map ?? (isGeographic ? this._angleUnit : undefined)),
      heightMetres: heightMetres ?? (isGeographic ? this._units.metresPerLength : undefined),
    };
  }

  /** The project's own unit of angles. */
  private get _angleUnit(): number | undefined {
    return this._units.assigned.find((id) => this._file.text(id, "UnitType") === "PLANEANGLEUNIT");
  }

  private _namesOf(crs: number): CrsNames {
    const text = (attribute: string) => this._file.text(crs, attribute)?.trim();
    return {
      entity: this._nameOf(crs),
      isGeographic: this._file.isA(crs, "IFCGEOGRAPHICCRS"),
      name: text("Name"),
      wkt: this._wktOf(crs),
      datum: text("GeodeticDatum"),
      vertical: text("VerticalDatum"),
      projection: text("MapProjection"),
      zone: text("MapZone"),
    };
  }

  private _wktOf(crs: number): string | undefined {
    for (const id of this._file.all("IFCWELLKNOWNTEXT"))
      if (this._file.reference(id, "CoordinateReferenceSystem") === crs) return this._file.text(id, "WellKnownText");
    return undefined;
  }

  private _nameOf(id: number): string {
    return entityName(this._file, id);
  }
}
