import { expectDefined } from "@itwin/core-bentley";
import type { SourceLocation } from "itwin-connector-framework";
import { counted, isIdName, RecordNotes, unusedName, type RecordNote } from "itwin-connector-framework/internal";
import type { ColumnType, RowShape, SourceErrors, Table, TableRow } from "itwin-connector-framework/tables";
import { featureLists, type Feature, type FeatureSource, type Shape } from "./source/Feature.js";
import type { GeospatialOptions } from "./source/geospatialOptions.js";
import type { Place } from "./place/placeSource.js";
import { geometryOf } from "./shapeGeometry.js";

/** What a user should know of how shapes are drawn. */
type Drawing = "no-extent" | "outline";

const messages: Readonly<Record<Drawing, (note: RecordNote) => string>> = {
  "no-extent": ({ count, first }) =>
    `${counted(count, "shape")} without extent, first at record ${first}: the element has no geometry.`,
  outline: ({ count, first }) =>
    `${counted(count, "shape")} of polygons whose heights no surface fits, first at record ${first}: outlines are drawn.`,
};

/** What a row looks like, with what its feature says. */
interface FeatureShape extends RowShape {
  readonly shape?: Shape;
}

/** The shape of the feature that a row was made of. */
export function shapeOf({ shape: look }: TableRow): Shape | undefined {
  const shape: FeatureShape | undefined = look;
  return shape?.shape;
}

/** The features of a source as the rows of a table. */
export class FeatureTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "row";
  public readonly hasShapes = true;
  public readonly hint = 'The option "idByRecord" lets the numbers of records identify them.';
  public readonly idColumn?: string;
  public readonly readAs?: string;
  /** How positions come into the iModel. Known when the iModel has a place on the Earth. */
  public place?: Place;
  private readonly _notes = new RecordNotes<Drawing>();

  public constructor(
    public readonly name: string,
    private readonly _source: FeatureSource,
    private readonly _options: GeospatialOptions,
    private readonly _errors: SourceErrors,
    private readonly _report: (key: string, message: string) => void,
  ) {
    this.readAs = _source.readAs;
    this.idColumn = this._needsIds() ? unusedName("record", _source.names) : undefined;
  }

  public get declaredTypes(): readonly (ColumnType | undefined)[] | undefined {
    const { types } = this._source;
    return types && (this.idColumn === undefined ? types : [undefined, ...types]);
  }

  public async *rows(): AsyncGenerator<readonly TableRow[]> {
    const { names } = this._source;
    yield [{ number: 0, cells: this.idColumn === undefined ? names : [this.idColumn, ...names] }];
    for await (const features of featureLists(this._source)) yield features.map((feature) => this._rowOf(feature));
  }

  public locate(row: number, column?: string): SourceLocation {
    return { ...(row > 0 && { entity: `record ${row}` }), ...(column !== undefined && { cell: column }) };
  }

  /** Reports what is known only when all features are drawn. */
  public finish(): void {
    this._notes.report((kind, note) => this._report(kind, messages[kind](note)));
    this.place?.finish();
  }

  private _rowOf(feature: Feature): TableRow {
    const { number, cells } = feature;
    return {
      number,
      cells: this.idColumn === undefined ? cells : [this._idOf(feature), ...cells],
      shape: this._rowShapeOf(feature),
    };
  }

  /** One that all rows have, with or without geometry, so that a column of coordinates stays one of data. */
  private _rowShapeOf({ shape, number }: Feature): FeatureShape {
    if (shape === undefined) return { data: [], toGeometry: () => ({}) };
    const { points, lines, polygons } = shape;
    return {
      shape,
      data: [points, lines, polygons, this.place?.key, this._options.markerSize],
      toGeometry: (markerId) => this._tryDraw(shape, number, markerId),
    };
  }

  /** A projection knows no place for some positions, such as one on the other side of the Earth. */
  private _tryDraw(shape: Shape, number: number, markerId: string): Omit<ReturnType<typeof geometryOf>, "outlines"> {
    try {
      const { outlines, ...geometry } = geometryOf(shape, expectDefined(this.place), markerId);
      if (geometry.geom === undefined) this._notes.add("no-extent", number);
      if (outlines > 0) this._notes.add("outline", number);
      return geometry;
    } catch (error) {
      throw this._errors.make("out-of-range", "A position of the record has no place in the iModel.", {
        source: this.locate(number),
        advice: 'Correct the position, or name the coordinate system with the option "crs".',
        cause: error,
      });
    }
  }

  private _idOf({ id, number }: Feature): string | number {
    return this._source.hasIds && this._options.idByRecord !== true ? expectDefined(id) : number;
  }

  private _needsIds(): boolean {
    if (this._options.idByRecord === true) return true;
    if (this._options.idColumn !== undefined) return false;
    return this._source.hasIds || !this._source.names.some(isIdName);
  }
}
