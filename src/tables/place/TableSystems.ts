import { CoordinateSystem } from "../../places/CoordinateSystem.js";
import { GridFolder } from "../../places/datum/GridFolder.js";
import { withSource } from "../../places/withSource.js";
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
  /** The grids of the folder, if there is one. */
  public readonly grids: GridFolder | undefined;

  /** @throws ConnectorError what {@link GridFolder} throws, with the file */
  public constructor(private readonly _context: SystemContext) {
    const { errors, gridFolder } = _context;
    this.grids =
      gridFolder === undefined ? undefined : withSource({ file: errors.file }, () => new GridFolder(gridFolder));
  }

  /**
   * Adds to the roles of columns the coordinate system that they name. Rows with shapes have coordinates of another kind.
   * @throws ConnectorError what {@link CoordinateSystem.read} throws, with the file
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
    const { allowUnknownDatum, errors } = this._context;
    const { grids } = this;
    const system = withSource({ file: errors.file }, () => CoordinateSystem.read(text, { grids, allowUnknownDatum }));
    this._systems.set(text, system);
    return system;
  }
}
