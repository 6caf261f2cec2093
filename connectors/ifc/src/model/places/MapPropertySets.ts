import { StepTyped, type StepValue } from "../../step/StepValue.js";
import type { IfcFile } from "../IfcFile.js";
import type { CrsNames, GeoReference, Report } from "../records.js";
import type { ContextReader } from "./ContextReader.js";
import { entityName } from "../entityName.js";
import { rotationOf } from "./rotationOf.js";
import { metresOfName } from "./unitsOf.js";

/** A property set, and its values by the names of the properties in small letters. */
interface NamedSet {
  readonly id: number;
  readonly values: ReadonlyMap<string, string | number>;
}

/**
 * Reads ePset_MapConversion and ePset_ProjectedCRS of the project or a site, by which a file of IFC2X3 says what
 * IfcMapConversion and IfcProjectedCRS say in later schemas.
 */
export class MapPropertySets {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _contexts: ContextReader,
    private readonly _report: Report,
  ) {}

  /** @param setsOf - the property sets of an entity */
  public read(setsOf: (id: number) => readonly number[]): GeoReference[] {
    const owners = [...this._file.all("IFCPROJECT"), ...this._file.all("IFCSITE")];
    const sets = [...new Set(owners.flatMap((owner) => setsOf(owner)))];
    const conversion = this._find(sets, "mapconversion");
    const crs = this._find(sets, "projectedcrs");
    if (conversion === undefined) {
      if (crs !== undefined)
        this._report("no-coordinates", `${this._nameOf(crs)} has no ePset_MapConversion beside it, and is not used.`);
      return [];
    }
    const reference = this._reference(conversion, crs);
    return reference === undefined ? [] : [reference];
  }

  private _reference(conversion: NamedSet, crs: NamedSet | undefined): GeoReference | undefined {
    const entity = this._nameOf(conversion);
    const number = (name: string) => numberOf(conversion.values.get(name));
    const [east, north] = [number("eastings"), number("northings")];
    if (east === undefined || north === undefined) {
      this._report("no-coordinates", `${entity} has no number as Eastings or Northings, and is not used.`);
      return undefined;
    }
    const { anchor, rotation } = this._contexts.originOf(undefined);
    return {
      entity,
      crs: this._namesOf(conversion, crs),
      anchor,
      coordinates: [east, north],
      height: number("orthogonalheight") ?? 0,
      metres: this._unitOf(crs ?? conversion),
      rotation: rotationOf(entity, number("xaxisabscissa"), number("xaxisordinate"), this._report) - rotation,
      scale: number("scale"),
    };
  }

  private _namesOf(conversion: NamedSet, crs: NamedSet | undefined): CrsNames {
    const target = textOf(conversion.values.get("targetcrs"));
    const text = (name: string) => textOf(crs?.values.get(name));
    return {
      entity: this._nameOf(crs ?? conversion),
      isGeographic: false,
      name: text("name") ?? target,
      datum: text("geodeticdatum"),
      vertical: text("verticaldatum"),
      projection: text("mapprojection"),
      zone: text("mapzone"),
    };
  }

  private _unitOf(set: NamedSet): number | undefined {
    const name = textOf(set.values.get("mapunit"));
    if (name === undefined) return undefined;
    const metres = metresOfName(name);
    if (metres === undefined)
      this._report("map-unit", `${this._nameOf(set)} has the MapUnit "${name}", which is not known.`);
    return metres;
  }

  private _find(sets: readonly number[], wanted: string): NamedSet | undefined {
    const id = sets.find((set) => {
      const name = this._file
        .text(set, "Name")
        ?.toLowerCase()
        .replace(/[^a-z]/g, "");
      return name?.replace(/^e?pset/, "") === wanted;
    });
    return id === undefined ? undefined : { id, values: this._valuesOf(id) };
  }

  private _valuesOf(set: number): Map<string, string | number> {
    const values = new Map<string, string | number>();
    for (const property of this._file.references(set, "HasProperties")) {
      const name = this._file.text(property, "Name")?.trim().toLowerCase();
      const value = plain(this._file.value(property, "NominalValue"));
      if (name !== undefined && value !== undefined) values.set(name, value);
    }
    return values;
  }

  private _nameOf({ id }: NamedSet): string {
    return `${this._file.text(id, "Name") ?? ""} ${entityName(this._file, id)}`;
  }
}

function plain(value: StepValue | undefined): string | number | undefined {
  if (value instanceof StepTyped) return plain(value.value);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** Programs write numbers as texts, too. */
function numberOf(value: string | number | undefined): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function textOf(value: string | number | undefined): string | undefined {
  const text = value === undefined ? "" : String(value).trim();
  return text === "" ? undefined : text;
}
