import { basename, extname } from "node:path";
import { ECName } from "@itwin/ecschema-metadata";
import { metresPerUnit, type LengthUnit } from "./lengthUnits.js";
import { ConnectorError } from "../../ConnectorError.js";
import { isECSqlKeyword } from "../../connector/schema/ecsqlKeywords.js";
import { faultOfConditions, type RowConditions } from "./RowConditions.js";
import { faultOfFlag, faultOfName, faultOfText, faultOfTextList, type OptionCheck } from "./optionFaults.js";

/**
 * The names of the columns that hold the position of a row: either `x`, `y` and optionally `z`, or `longitude`, `latitude`
 * and optionally `height`.
 * @public
 */
export interface CoordinateNames {
  /** The column of x: in the coordinate system {@link TableOptions.crs}, or else in the iModel, in {@link TableOptions.units}. */
  x?: string;
  /** The column of y: in the coordinate system {@link TableOptions.crs}, or else in the iModel, in {@link TableOptions.units}. */
  y?: string;
  /**
   * The column of z, in {@link TableOptions.units}; where none are given, in the unit of the heights of
   * {@link TableOptions.crs}. Default: z is 0.
   */
  z?: string;
  /** The column of the longitude, in degrees east (WGS84). */
  longitude?: string;
  /** The column of the latitude, in degrees north (WGS84). */
  latitude?: string;
  /** The column of the height above the ellipsoid, in {@link TableOptions.units}. Default: the height is 0. */
  height?: string;
}

/**
 * The options of a connector for tables, checked and with defaults filled in. They come from `argsJson`. A connector
 * extends this interface with its own options.
 * @public
 */
export interface TableOptions extends CoordinateNames {
  /**
   * The column of the identifiers, or the columns that identify a row together. Default: the column named `id`, `guid` or
   * `key`, in any case.
   */
  idColumn?: string | readonly string[];
  /** The class of the rows of a document with one table. Default: made from the name of the source file. */
  className: string;
  /** The ECSchema of the classes. Default: {@link TableFormat.schemaPrefix} followed by the class name. */
  schemaName: string;
  /** The unit of x, y, z and height. With {@link TableOptions.crs}, x and y are in the unit of that system. Default: `m`. */
  units: LengthUnit;
  /**
   * The coordinate system of x and y: an EPSG code, a name, WKT, PROJJSON or a text for PROJ. In one of longitudes and
   * latitudes, x is the longitude and y the latitude. Default: x and y are coordinates of the iModel.
   */
  crs?: string;
  /** Whether a datum of {@link TableOptions.crs} that is not known is taken for WGS 84. Default: false: it is refused. */
  allowUnknownDatum?: boolean;
  /** Which rows are read, by column. Rows that are left out are treated as if the source did not have them. Default: all. */
  where?: RowConditions;
  /**
   * Whether a source that is odd is refused, instead of being read as far as it is sound, with an issue for each kind of
   * oddity. Default: false.
   */
  strict?: boolean;
  /** Diameter of the spheres that mark rows with coordinates, in metres. Default: 1. */
  markerSize: number;
  /** A {@link Mapping}, or the path of its JSON file relative to the source. Default: everything is inferred. */
  mapping?: unknown;
}

/**
 * The description of a format: its names, and the options that only this format has.
 * @public
 */
export interface TableFormat {
  /** The name of the connector and the start of its job names, such as `CSV`. */
  name: string;
  /** The scope of its error codes, such as `csv` in `csv/ragged-row`. */
  code: string;
  /** The start of default schema names, such as `Csv`. */
  schemaPrefix: string;
  /** The package.json of the connector. Its name and version identify the application in provenance. */
  packageJson: URL;
  /** Common options that this format does not support. They are refused. Default: none. */
  without?: readonly (keyof TableOptions)[];
  /** A check for each option that only this format has, by the name of the option. Default: none. */
  options?: Readonly<Record<string, OptionCheck>>;
}

const coordinateKinds = [
  ["x", "y", "z"],
  ["longitude", "latitude", "height"],
] as const;

const commonChecks: Record<keyof Omit<TableOptions, "idColumn">, OptionCheck> = {
  className: faultOfName,
  schemaName: (value) =>
    faultOfName(value) ??
    (isECSqlKeyword(String(value)) ? "is a keyword of ECSQL, which queries cannot name" : undefined),
  x: faultOfText,
  y: faultOfText,
  z: faultOfText,
  longitude: faultOfText,
  latitude: faultOfText,
  height: faultOfText,
  units: (value) =>
    Object.hasOwn(metresPerUnit, String(value)) ? undefined : `is none of ${Object.keys(metresPerUnit).join(", ")}`,
  crs: faultOfText,
  allowUnknownDatum: faultOfFlag,
  where: faultOfConditions,
  strict: faultOfFlag,
  markerSize: (value) =>
    typeof value === "number" && Number.isFinite(value) && value > 0 ? undefined : "is not a number above zero",
  mapping: (value) => (typeof value === "object" && value !== null ? undefined : faultOfText(value)),
};

/**
 * Checks the arguments of a connector and fills in the defaults that the name of the source file gives.
 * @throws ConnectorError `<code>/options`
 */
export function readOptions(format: TableFormat, argsJson: unknown, sourcePath: string): TableOptions {
  const given = (argsJson ?? {}) as Partial<TableOptions>;
  const reader = new OptionReader(format);
  if (typeof given !== "object" || Array.isArray(given)) throw reader.wrong("argsJson is not an object");
  for (const [name, value] of Object.entries(given)) reader.check(name, value);
  reader.checkCoordinateNames(given);
  const className = given.className ?? classNameOf(basename(sourcePath, extname(sourcePath)));
  const schemaName = format.schemaPrefix + className;
  return { units: "m", markerSize: 1, schemaName, ...given, className };
}

/**
 * Makes a class name from a name that a person chose: `pump list-2` becomes `PumpList2`.
 * @internal
 */
export function classNameOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u);
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return ECName.encode(joined === "" ? "Row" : joined).name;
}

function faultOfColumns(value: unknown): string | undefined {
  return Array.isArray(value) ? faultOfTextList(value) : faultOfText(value);
}

class OptionReader {
  private readonly _checks: ReadonlyMap<string, OptionCheck>;

  public constructor(private readonly _format: TableFormat) {
    const checks = Object.entries({ idColumn: faultOfColumns, ..._format.options, ...commonChecks });
    const without: readonly string[] = _format.without ?? [];
    this._checks = new Map(checks.filter(([name]) => !without.includes(name)));
  }

  public check(name: string, value: unknown): void {
    const check = this._checks.get(name);
    if (check === undefined) throw this.wrong(`There is no option "${name}"`);
    const fault = check(value);
    if (fault !== undefined) throw this.wrong(`The option "${name}" ${fault}: ${JSON.stringify(value)}`);
  }

  public checkCoordinateNames(names: CoordinateNames & Pick<TableOptions, "crs">): void {
    const used = coordinateKinds.filter((kind) => kind.some((name) => names[name] !== undefined));
    if (used.length > 1) throw this.wrong("Both x, y, z and longitude, latitude, height are named");
    for (const [first, second] of used)
      if (names[first] === undefined || names[second] === undefined)
        throw this.wrong(`The options "${first}" and "${second}" go together`);
    if (names.crs !== undefined && names.longitude !== undefined)
      throw this.wrong('The option "crs" is for "x" and "y", and not for "longitude" and "latitude"');
  }

  public wrong(fault: string): Error {
    const known = [...this._checks.keys()].join(", ");
    return new ConnectorError(`${this._format.code}/options`, `${fault}.`, {
      advice: `The options are: ${known}. The README of the connector explains them.`,
    });
  }
}
