import type { SourceLocation } from "../../ConnectorError.js";
import type { CoordinateSystem } from "../../places/CoordinateSystem.js";
import type { CoordinateColumn, CoordinateColumns } from "./coordinates.js";
import { textOf, typeOfCell } from "../cells/columnTypes.js";
import type { MappingPlace } from "../mapping/MappingPlace.js";
import { listNames, shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { CoordinateNames, TableOptions } from "../format/TableOptions.js";
import type { Table, TableRow } from "../format/TableReader.js";
import { idNames } from "../rows/rowNumbers.js";

/** What the header of a table says. */
export interface TableHeader {
  /** The names of the columns, without white space around them. */
  names: string[];
  /** The number of the row that names them. */
  row: number;
  /** The column of the identifiers, or the columns that identify a row together. */
  idColumns: readonly number[];
  coordinates?: CoordinateColumns;
}

/** Which columns have a special meaning, as far as that is said and not guessed. */
export interface ColumnRoles extends CoordinateNames {
  /** The column of the identifiers, or the columns that identify a row together. */
  idColumn?: string | readonly string[];
  /** Where a mapping names it, and not an option. */
  idPlace?: MappingPlace;
  /** Where a mapping names the columns of coordinates, and not options. */
  coordinatesPlace?: MappingPlace;
  /** The unit of coordinates. */
  units: TableOptions["units"];
  /** Whether the unit is given, and not the default. */
  hasUnits?: boolean;
  /** The coordinate system of x and y, as a text. */
  crs?: string;
  /** The same, once it is read. */
  system?: CoordinateSystem;
  /** Whether coordinate columns are recognized by their names. Default: true. */
  guessesCoordinates?: boolean;
}

/** The names that each coordinate is recognized by, under the name of its option. */
type CoordinateAlternatives = Readonly<Record<string, readonly string[]>>;

/** What coordinates are, apart from their columns. */
type CoordinateKind = Omit<CoordinateColumns, "first" | "second" | "third">;

/** Where the header or one of its columns is. */
type Locate = (column?: string) => SourceLocation;

/** An iModel keeps 2,000 columns for the properties of an element, and needs some for itself. */
const mostColumns = 1950;

/** The names that are recognized without being named in the options, in any case. */
const cartesianNames: CoordinateAlternatives = { x: ["x"], y: ["y"], z: ["z"] };
const geographicNames: CoordinateAlternatives = {
  longitude: ["longitude", "lon", "lng"],
  latitude: ["latitude", "lat"],
  height: ["height", "altitude", "elevation"],
};

/** A mapping speaks of one table and comes first; what a table brings is about itself, an option about all tables. */
function idColumnOf(table: Table, { idColumn, idPlace }: ColumnRoles): ColumnRoles["idColumn"] {
  return (idPlace && idColumn) ?? table.idColumn ?? idColumn ?? table.key;
}

/**
 * Checks the header of a table and finds the columns with a special meaning.
 * @throws ConnectorError for names that do not do
 */
export function readHeader(row: TableRow, table: Table, roles: ColumnRoles, errors: SourceErrors): TableHeader {
  const names = row.cells.map((cell) => textOf(cell).trim());
  const source = (column?: string) => table.locate(row.number, column);
  checkNames(names, row, table, errors);
  checkDuplicates(names, source, errors);
  const guessed = table.hasInventedNames === true ? [] : names;
  const found = { names, guessed, hint: hintOf(table, names), hintWithoutId: table.hint };
  const columns = new ColumnFinder(found, source, errors);
  return {
    names,
    row: row.number,
    idColumns: columns.findIds(idColumnOf(table, roles), roles.idPlace),
    coordinates: table.hasShapes === true ? undefined : findCoordinates(columns, roles),
  };
}

function checkNames(names: string[], { number }: TableRow, table: Table, errors: SourceErrors): void {
  const source = table.locate(number);
  if (number === 0) checkSomeNames(names, source, errors);
  else if (names.every((name) => name === "" || typeOfCell(name) !== "string"))
    throw errors.make("no-header", `The first ${table.rowNoun} is data, not a header.`, {
      source,
      advice: `Begin the file with a ${table.rowNoun} that names the columns.`,
    });
  const unnamed = names.indexOf("");
  if (unnamed >= 0)
    throw errors.make("unnamed-column", `Column ${unnamed + 1} has no name.`, {
      source,
      advice: "Give the column a name in the header, or delete it.",
    });
  if (names.length > mostColumns)
    throw errors.make("too-many-columns", `The file has ${names.length} columns, and an iModel takes ${mostColumns}.`, {
      source,
      advice: "Leave out columns that nobody needs, or split the file.",
    });
}

function checkSomeNames(names: string[], source: SourceLocation, errors: SourceErrors): void {
  if (names.length > 0) return;
  throw errors.make("no-columns", "There is nothing in it but names: no column has a value.", {
    source,
    advice: "Give each record a value that identifies it, and others that are worth keeping.",
  });
}

function checkDuplicates(names: string[], source: Locate, errors: SourceErrors): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const earlier = seen.get(name);
    seen.set(name, index);
    if (earlier === undefined) return;
    throw errors.make(
      "duplicate-column",
      `Columns ${earlier + 1} and ${index + 1} are both named "${shorten(name)}".`,
      {
        source: source(shorten(name)),
        advice: "Give each column a name of its own in the header.",
      },
    );
  });
}

function findCoordinates(columns: ColumnFinder, roles: ColumnRoles): CoordinateColumns | undefined {
  const { x, y, z, longitude, latitude, height, units, hasUnits, system } = roles;
  const { guessesCoordinates = true, coordinatesPlace: place } = roles;
  const onMap = { isGeographic: false, units, hasUnits, system };
  const onEarth = { isGeographic: true, units, hasUnits };
  if (x !== undefined && y !== undefined) return columns.named([x, y, z], onMap, place);
  if (longitude !== undefined && latitude !== undefined)
    return columns.named([longitude, latitude, height], onEarth, place);
  if (!guessesCoordinates) return undefined;
  return columns.guess(cartesianNames, onMap) ?? columns.guess(geographicNames, onEarth);
}

/** A text is read in a wrong way where it seems to have one column. */
function hintOf({ isText, hint }: Table, names: string[]): string | undefined {
  return isText && names.length > 1 ? undefined : hint;
}

/** The names of the columns of a table. */
interface FoundNames {
  names: string[];
  /** Those that may say what is in their columns. */
  guessed: readonly string[];
  /** What may be wrong where a column is missing. */
  hint: string | undefined;
  /** What else may help where no column identifies the rows. */
  hintWithoutId: string | undefined;
}

class ColumnFinder {
  public constructor(
    private readonly _table: FoundNames,
    private readonly _source: Locate,
    private readonly _errors: SourceErrors,
  ) {}

  /** The columns of the identifiers. */
  public findIds(given: string | readonly string[] | undefined, place?: MappingPlace): number[] {
    if (typeof given === "string") return [this._named("idColumn", given, place).index];
    if (given !== undefined && given.length > 0)
      return given.map((name, index) => this._named("idColumn", name, place?.at(index)).index);
    const column = this._guess(idNames, "idColumn");
    if (column !== undefined) return [column.index];
    throw this._errors.make("no-id-column", "No column is named id, guid or key.", {
      source: this._source(),
      advice: `Say which column tells the rows apart, such as "idColumn": "${shorten(this._table.names[0] ?? "")}". ${this._list(this._table.hintWithoutId)}`,
    });
  }

  /** The coordinate columns that the options or a mapping name. */
  public named(
    [first, second, third]: [string, string, string | undefined],
    kind: CoordinateKind,
    place?: MappingPlace,
  ): CoordinateColumns {
    const names = kind.isGeographic ? (["longitude", "latitude", "height"] as const) : (["x", "y", "z"] as const);
    return {
      ...kind,
      first: this._named(names[0], first, place?.at(names[0])),
      second: this._named(names[1], second, place?.at(names[1])),
      third: third === undefined ? undefined : this._named(names[2], third, place?.at(names[2])),
    };
  }

  /** The coordinate columns with well-known names, if the first two are there. */
  public guess(names: CoordinateAlternatives, kind: CoordinateKind): CoordinateColumns | undefined {
    const [first, second, third] = Object.entries(names).map(([option, alternatives]) =>
      this._guess(alternatives, option),
    );
    return first && second && { ...kind, first, second, third };
  }

  private _named(option: string, name: string, place?: MappingPlace): CoordinateColumn {
    const index = this._table.names.indexOf(name);
    if (index >= 0) return { name, index };
    if (place !== undefined) throw place.unknownColumn(name, this._table.names, this._spacedHint);
    throw this._errors.make("unknown-column", `There is no column "${name}", which the option "${option}" names.`, {
      source: this._source(),
      advice: this._list(),
    });
  }

  private _guess(alternatives: readonly string[], option: string): CoordinateColumn | undefined {
    for (const alternative of alternatives) {
      const found = this._table.guessed.filter((name) => name.toLowerCase() === alternative);
      if (found.length > 1) throw this._ambiguous(found, option);
      for (const name of found) return { name, index: this._table.names.indexOf(name) };
    }
    return undefined;
  }

  private _ambiguous(found: string[], option: string): Error {
    return this._errors.make("ambiguous-column", `The columns ${found.join(" and ")} can both be the ${option}.`, {
      source: this._source(),
      advice: `Say which one it is with the option "${option}".`,
    });
  }

  private _list(hint = this._table.hint): string {
    return `The columns are: ${listNames(this._table.names)}.${spaced(hint)}`;
  }

  private get _spacedHint(): string {
    return spaced(this._table.hint);
  }
}

function spaced(hint: string | undefined): string {
  return hint === undefined ? "" : ` ${hint}`;
}
