import { join } from "node:path";
import {
  Drawing,
  DrawingCategory,
  DocumentListModel,
  DrawingGraphic,
  GeometryPart,
  PhysicalModel,
  PhysicalObject,
  SnapshotDb,
  SpatialCategory,
  type IModelDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  Code,
  GeometryStreamBuilder,
  IModel,
  type GeometricElement2dProps,
  type GeometricElement3dProps,
  type GeometryPartProps,
  type GeometryStreamProps,
  type Placement3dProps,
} from "@itwin/core-common";
import { Box, Range3d, type GeometryQuery } from "@itwin/core-geometry";
import { temporaryFolder } from "../../../test/support/temporary.js";

/** An iModel that a test fills and exports. */
export class Scene {
  public readonly folder = temporaryFolder();
  public readonly path = join(this.folder, "scene.bim");
  public readonly imodel: SnapshotDb;
  public readonly model: Id64String;
  public readonly category: Id64String;
  private _list?: Id64String;

  public constructor() {
    this.imodel = SnapshotDb.createEmpty(this.path, { rootSubject: { name: "Scene" } });
    this.imodel.channels.addAllowedChannel("shared");
    this.model = PhysicalModel.insert(this.imodel, IModel.rootSubjectId, "Model");
    this.category = SpatialCategory.insert(this.imodel, IModel.dictionaryId, "Things", {});
  }

  /** Inserts an element. */
  public add(
    geom: GeometryStreamProps,
    placement: Placement3dProps = at(0, 0, 0),
    more: Partial<GeometricElement3dProps> = {},
  ): Id64String {
    const { model, category } = this;
    const base = { classFullName: PhysicalObject.classFullName, model, category, code: Code.createEmpty() };
    const props: GeometricElement3dProps = { ...base, placement, geom, ...more };
    return this.imodel.elements.insertElement(props);
  }

  /** Inserts an element whose geometry cannot be read. */
  public addDamaged(length = 2): Id64String {
    const id = this.add(streamOf(box()));
    this._cutOff("bis_GeometricElement3d", "GeometryStream", id, length);
    return id;
  }

  /** Inserts an element that shows a GeometryPart whose geometry is cut off. */
  public addWithDamagedPart(length: number): Id64String {
    const part = this.addPart(box());
    const id = this.add([{ geomPart: { part } }]);
    this._cutOff("bis_DefinitionElement", "js1", part, length);
    return id;
  }

  /** Inserts a GeometryPart. */
  public addPart(...geometry: GeometryQuery[]): Id64String {
    const props: GeometryPartProps = {
      classFullName: GeometryPart.classFullName,
      model: IModel.dictionaryId,
      code: Code.createEmpty(),
      geom: streamOf(...geometry),
    };
    return this.imodel.elements.insertElement(props);
  }

  /** Inserts a drawing with one graphic. */
  public addDrawing(name: string, geom: GeometryStreamProps): Id64String {
    const { imodel } = this;
    const list = Drawing.insert(imodel, this._documents(), name);
    const category = DrawingCategory.insert(imodel, IModel.dictionaryId, name, {});
    const props: GeometricElement2dProps = {
      classFullName: DrawingGraphic.classFullName,
      model: list,
      category,
      code: Code.createEmpty(),
      placement: { origin: [0, 0], angle: 0 },
      geom,
    };
    return imodel.elements.insertElement(props);
  }

  /** Closes the iModel, so that it can be exported by its path. */
  public save(): string {
    this.imodel.saveChanges();
    this.imodel.close();
    return this.path;
  }

  private _cutOff(table: string, column: string, id: Id64String, length: number): void {
    const sql = `UPDATE ${table} SET ${column}=substr(${column}, 1, ${length}) WHERE ElementId=?`;
    this.imodel.withPreparedSqliteStatement(sql, (statement) => {
      statement.bindId(1, id);
      statement.step();
    });
  }

  private _documents(): Id64String {
    const { imodel } = this;
    return (this._list ??= DocumentListModel.insert(imodel, IModel.rootSubjectId, "Drawings"));
  }
}

/** A stream of geometry, without anything about how it looks. */
export function streamOf(...geometry: GeometryQuery[]): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  for (const each of geometry) builder.appendGeometry(each);
  return builder.geometryStream;
}

export function at(x: number, y: number, z: number, angles: Placement3dProps["angles"] = {}): Placement3dProps {
  return { origin: [x, y, z], angles };
}

/** A box with a corner at the origin. */
export function box(length = 1, width = 1, height = 1): Box {
  return Box.createRange(Range3d.createXYZXYZ(0, 0, 0, length, width, height), true)!;
}

/** The triangles that the platform makes of all elements, corner by corner, in the order of the elements. */
export function trianglesOf(imodel: IModelDb): Map<Id64String, number[]> {
  const triangles = new Map<Id64String, number[]>();
  const elementIdArray = imodel.withPreparedStatement(
    "SELECT ECInstanceId FROM bis.GeometricElement3d WHERE GeometryStream IS NOT NULL",
    (statement) => [...statement].map(({ id }: { id: Id64String }) => id),
  );
  imodel.exportGraphics({
    elementIdArray,
    onGraphics: ({ elementId, mesh: { points, indices } }) => {
      const corners = triangles.get(elementId) ?? [];
      for (const index of indices) corners.push(...points.subarray(3 * index, 3 * index + 3));
      triangles.set(elementId, corners);
    },
  });
  return triangles;
}
