import { ConnectorError } from "../../ConnectorError.js";
import { CoordinateSystem } from "../../places/CoordinateSystem.js";
import { GridFolder } from "../../places/datum/GridFolder.js";
import type { SourceErrors } from "../format/SourceErrors.js";
import type { Table } from "../format/TableReader.js";
import type { ColumnRoles } from "../survey/tableHeader.js";
import type { TableSurvey } from "../survey/tableSurvey.js";

/** What decides how coordinate systems are read. */
export interface SystemContext {
  errors: SourceErrors;
  /** Path of a folder of NTv2 grids. */
  gridFolder?: string;
  allowUnknownDatum?: boolean;
}

/** The coordinate systems of the tables of a document. Each is read once. */
export class TableSystems {
  private readonly _systems = new Map<string, CoordinateSystem>();
  private _grids?: GridFolder;

  public constructor(private readonly _context: SystemContext) {}

  /**
   * Adds to the roles of columns the coordinate system that they name. Rows with shapes have coordinates of another kind.
   * @throws ConnectorError what {@link CoordinateSystem.read} and {@link GridFolder} throw, with the file
   */
  public addTo(roles: ColumnRoles, { hasShapes }: Table): ColumnRoles {
    return roles.crs === undefined || hasShapes === true ? roles : { ...roles, system: this._read(roles.crs) };
  }

  /**
   * Refuses an option that no table has a use for.
   * @throws ConnectorError `<code>/no-coordinates`
   */
  public check(surveys: readonly TableSurvey[]): void {
    const [text] = this._systems.keys();
    if (text === undefined || surveys.some(({ header }) => header.coordinates?.system !== undefined)) return;
    throw this._context.errors.make("no-coordinates", 'The option "crs" is given, but there are no columns x and y.', {
      source: {},
      advice: `Name the columns with the options "x" and "y", or leave out "crs". Columns of longitudes and latitudes need none.`,
    });
  }

  private _read(text: string): CoordinateSystem {
    const known = this._systems.get(text);
    if (known !== undefined) return known;
    const { gridFolder, allowUnknownDatum, errors } = this._context;
    const system = inFile(errors.file, () => {
      if (gridFolder !== undefined) this._grids ??= new GridFolder(gridFolder);
      return CoordinateSystem.read(text, { grids: this._grids, allowUnknownDatum });
    });
    this._systems.set(text, system);
    return system;
  }
}

/** Adds to an error the file whose coordinates are concerned. */
function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.source !== undefined) throw error;
    const { code, message, phase, advice, recovery, cause } = error;
    throw new ConnectorError(code, message, { phase, advice, recovery, cause, source: { file } });
  }
}
