import { basename, extname } from "node:path";
import { ECName } from "@itwin/ecschema-metadata";
import { metresPerUnit, type LengthUnit } from "../survey/coordinates.js";
import { ConnectorError } from "../../ConnectorError.js";

/**
 * The columns that say where a row is, by name.
 * @beta
 */
export interface CoordinateNames {
  x?: string;
  y?: string;
  z?: string;
  longitude?: string;
  latitude?: string;
  height?: string;
}

/**
 * The arguments of a connector for tables, checked and with their defaults.
 * @beta
 */
export interface TableOptions extends CoordinateNames {
  /** The column of the identifiers. */
  idColumn?: string;
  /** The class of the rows, where the document has one table. */
  className: string;
  schemaName: string;
  /** The unit of lengths. */
  units: LengthUnit;
  /** Diameter of the markers, in metres. */
  markerSize: number;
  /** The mapping, or the path of its file. */
  mapping?: unknown;
}

/**
 * What is wrong with the value of an option, as the end of a sentence; undefined if nothing is.
 * @beta
 */
export type OptionCheck = (value: unknown) => string | undefined;

/**
 * What a format of tables is called, and which options it has beside those of all.
 * @beta
 */
export interface TableFormat {
  /** The name of the connector, and what its jobs are named after: `CSV`. */
  name: string;
  /** What its error codes begin with: `csv`. */
  code: string;
  /** What the default names of its schemas begin with: `Csv`. */
  schemaPrefix: string;
  /** The package.json of the connector: the application that it stands for, and its version. */
  packageJson: URL;
  /** Options of all formats that this one has no use for. */
  without?: readonly (keyof TableOptions)[];
  /** Checks of its own options. */
  options?: Readonly<Record<string, OptionCheck>>;
}

const coordinateKinds = [
  ["x", "y", "z"],
  ["longitude", "latitude", "height"],
] as const;

/**
 * Refuses all but texts that are not empty.
 * @beta
 */
export const isText: OptionCheck = (value) => (typeof value === "string" && value !== "" ? undefined : "is not a text");

/**
 * Refuses all but `true` and `false`.
 * @beta
 */
export const isFlag: OptionCheck = (value) => (typeof value === "boolean" ? undefined : "is neither true nor false");

/**
 * Refuses all but lists of texts that are not empty.
 * @beta
 */
export const isTextList: OptionCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isText(item) === undefined)
    ? undefined
    : "is not a list of texts";

const commonChecks: Record<keyof Omit<TableOptions, "idColumn">, OptionCheck> = {
  className: isName,
  schemaName: isName,
  x: isText,
  y: isText,
  z: isText,
  longitude: isText,
  latitude: isText,
  height: isText,
  units: (value) =>
    Object.hasOwn(metresPerUnit, String(value)) ? undefined : `is none of ${Object.keys(metresPerUnit).join(", ")}`,
  markerSize: (value) =>
    typeof value === "number" && Number.isFinite(value) && value > 0 ? undefined : "is not a number above zero",
  mapping: (value) => (typeof value === "object" && value !== null ? undefined : isText(value)),
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
 * A class name for what a person has named: `pump list-2` holds instances of `PumpList2`.
 * @beta
 */
export function classNameOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u);
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return ECName.encode(joined === "" ? "Row" : joined).name;
}

class OptionReader {
  private readonly _checks: Readonly<Record<string, OptionCheck>>;

  public constructor(private readonly _format: TableFormat) {
    const checks = Object.entries({ idColumn: isText, ..._format.options, ...commonChecks });
    const without: readonly string[] = _format.without ?? [];
    this._checks = Object.fromEntries(checks.filter(([name]) => !without.includes(name)));
  }

  public check(name: string, value: unknown): void {
    if (!Object.hasOwn(this._checks, name)) throw this.wrong(`There is no option "${name}"`);
    const fault = this._checks[name]!(value);
    if (fault !== undefined) throw this.wrong(`The option "${name}" ${fault}: ${JSON.stringify(value)}`);
  }

  public checkCoordinateNames(names: CoordinateNames): void {
    const used = coordinateKinds.filter((kind) => kind.some((name) => names[name] !== undefined));
    if (used.length > 1) throw this.wrong("Both x, y, z and longitude, latitude, height are named");
    for (const [first, second] of used)
      if (names[first] === undefined || names[second] === undefined)
        throw this.wrong(`The options "${first}" and "${second}" go together`);
  }

  public wrong(fault: string): Error {
    const known = Object.keys(this._checks).join(", ");
    return new ConnectorError(`${this._format.code}/options`, `${fault}.`, {
      advice: `The options are: ${known}. The README of the connector explains them.`,
    });
  }
}

/**
 * Refuses all but names of schemas and classes.
 * @beta
 */
export function isName(value: unknown): string | undefined {
  return (
    isText(value) ??
    (/^[A-Za-z_]\w*$/.test(value as string) ? undefined : "may hold only letters A to Z, digits and underscores")
  );
}
