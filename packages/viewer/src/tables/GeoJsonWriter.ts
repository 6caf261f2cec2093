import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { messageOf } from "itwin-connector-framework/internal";
import type { ClassIndex } from "../elements/ClassIndex.js";
import type { Value } from "../elements/values.js";
import { damagedGeometry, DamagedGeometry } from "../graphics/DamagedGeometry.js";
import { FlatColumns } from "./columnNames.js";
import type { ElementRow, TableColumns } from "./ElementRows.js";
import { baseNames, baseValues, sourceNames, sourceValues } from "./flatNames.js";
import { GeoFrame } from "./GeoFrame.js";
import { geoGeometryOf, type GeoGeometry } from "./geoGeometry.js";
import { ShapeReader } from "./ShapeReader.js";
import type { TableIssue } from "./TableExport.js";
import type { TableWriter } from "./TableWriter.js";

/** Reads the geometry of elements for GeoJSON. */
export class GeoShapes {
  private readonly _frame: GeoFrame;
  private readonly _shapes: ShapeReader;
  private readonly _damaged: DamagedGeometry;

  /** @param file - the path of the iModel, for errors; @throws ConnectorError `viewer/no-place` */
  public constructor(
    imodel: IModelDb,
    file: string,
    private readonly _report: (issue: TableIssue) => void,
  ) {
    this._frame = GeoFrame.of(imodel, file);
    this._shapes = new ShapeReader(imodel);
    this._damaged = new DamagedGeometry(imodel);
  }

  /** The geometry of an element in space; null where it has none. */
  public of(elementId: Id64String): GeoGeometry | null {
    if (this._damaged.has(elementId)) {
      this._report({ elementId, message: damagedGeometry });
      return null;
    }
    try {
      const shape = this._shapes.read(elementId);
      return shape === undefined ? null : geoGeometryOf(shape, this._frame);
    } catch (error) {
      this._report({ elementId, message: `its geometry cannot be read: ${messageOf(error)}` });
      return null;
    }
  }
}

/**
 * Writes a table as a GeoJSON FeatureCollection (RFC 7946): a feature in each line, with the same names as the columns of a
 * CSV file. The units of properties stand in `units` of the collection.
 */
export class GeoJsonWriter implements TableWriter {
  private _columns?: FlatColumns;
  private _separator = "";

  public constructor(
    private readonly _shapes: GeoShapes,
    private readonly _classes: ClassIndex,
  ) {}

  public begin(columns: TableColumns): string {
    this._columns = new FlatColumns(
      columns,
      [...baseNames, ...sourceNames].map((name) => name.toLowerCase()),
    );
    const units = this._columns.columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]]));
    return beginCollection(Object.fromEntries(units) as Record<string, string>);
  }

  public row({ base, element, aspects, provenance }: ElementRow): string {
    const columns = this._columns;
    if (columns === undefined) throw new Error("the beginning comes first");
    const values = new Map<number, Value[]>();
    for (const [index, { values: own }, at] of columns.valuesOf(element, aspects)) {
      const value = own[at] ?? null;
      if (value !== null) values.set(index, [...(values.get(index) ?? []), value]);
    }
    const flat = [...values].map(([index, given]): [string, Value] => {
      const [only = null] = given;
      return [columns.columns[index]?.name ?? "", given.length > 1 ? given : only];
    });
    const properties = Object.fromEntries([
      ...filled(baseNames, baseValues(base, element.info.name)),
      ...flat,
      ...filled(sourceNames, sourceValues(provenance)),
    ]);
    const isInSpace = this._classes.isA(element.info, "BisCore:GeometricElement3d");
    return this.feature(base.id, isInSpace ? this._shapes.of(base.id) : null, properties);
  }

  /** A feature, in a line of its own. */
  public feature(id: string, geometry: GeoGeometry | null, properties: object): string {
    const text = `${this._separator}\n${JSON.stringify({ type: "Feature", id, geometry, properties })}`;
    this._separator = ",";
    return text;
  }

  public end(): string {
    return "\n]}\n";
  }
}

/** The beginning of a collection. */
export function beginCollection(units: Readonly<Record<string, string>> = {}): string {
  const members = Object.keys(units).length > 0 ? `"units":${JSON.stringify(units)},` : "";
  return `{"type":"FeatureCollection",${members}"features":[`;
}

function filled(names: readonly string[], values: readonly string[]): [string, string][] {
  return names.map((name, index): [string, string] => [name, values[index] ?? ""]).filter(([, value]) => value !== "");
}
