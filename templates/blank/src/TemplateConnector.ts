import { GeometryStreamBuilder } from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";
import {
  StreamConnector,
  type DefinitionsDescription,
  type EntityElement,
  type SchemaDescription,
  type SourceEntity,
} from "itwin-connector-framework";
import { readThings, type Thing } from "./readThings.js";

/** Brings the things of a text file into an iModel. */
export class TemplateConnector extends StreamConnector {
  private _path = "";

  public override getConnectorName = (): string => "Template name";
  public override getApplicationId = (): string => "template-connector";
  public override getApplicationVersion = (): string => "0.1.0"; // a new version reads every source again

  protected override async openDocument(path: string): Promise<void> {
    this._path = path;
  }

  protected override getSchemas(): SchemaDescription[] {
    return [{ name: "TemplateSchema", classes: [{ name: "Thing", properties: [{ name: "Type", type: "string" }] }] }];
  }

  protected override getDefinitions(): DefinitionsDescription {
    return { categories: [{ name: "Thing", color: "steelblue" }] };
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    for await (const thing of readThings(this._path))
      yield {
        kind: "Thing",
        id: thing.id,
        data: [thing.type, thing.position], // while it stays the same, the element is not written
        location: { file: this._path, line: thing.line },
        toElement: () => toElement(thing),
      };
  }
}

function toElement({ id, type, position }: Thing): EntityElement {
  const shape = new GeometryStreamBuilder();
  shape.appendGeometry(Sphere.createCenterRadius(Point3d.createZero(), 0.5));
  return {
    classFullName: "TemplateSchema:Thing",
    userLabel: id,
    type,
    placement: { origin: position, angles: {} },
    geom: shape.geometryStream,
  };
}
