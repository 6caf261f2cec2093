import { GeometryStreamBuilder } from "@itwin/core-common";
import { Cone, Point3d } from "@itwin/core-geometry";
import {
  StreamConnector,
  type DefinitionsDescription,
  type EntityElement,
  type SchemaDescription,
  type SourceEntity,
} from "itwin-connector-framework";
import { readSurvey, type Surveyed } from "./readSurvey.js";

const schema: SchemaDescription = {
  name: "SiteSurvey",
  classes: [
    { name: "Pole", properties: [{ name: "Height", type: "double" }] },
    {
      name: "Cable",
      navigations: [
        { name: "Start", target: "Pole" },
        { name: "End", target: "Pole" },
      ],
    },
  ],
};

/** Brings surveys of poles and cables into iModels. */
export class SiteSurveyConnector extends StreamConnector {
  private _path = "";

  public override getConnectorName = (): string => "Site survey";
  public override getApplicationId = (): string => "site-survey";
  public override getApplicationVersion = (): string => "0.1.0";

  protected override async openDocument(path: string): Promise<void> {
    this._path = path;
  }

  protected override getSchemas(): SchemaDescription[] {
    return [schema];
  }

  protected override getDefinitions(): DefinitionsDescription {
    return { categories: [{ name: "Survey", color: "saddlebrown" }] };
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    for await (const surveyed of readSurvey(this._path)) yield toEntity(surveyed);
  }
}

function toEntity({ location, ...content }: Surveyed): SourceEntity {
  const { kind, id } = content;
  if (content.kind === "Pole") return { kind, id, location, data: content, toElement: () => toPole(content) };
  return {
    kind,
    id,
    location,
    data: content,
    relationships: [
      { property: "Start", target: { kind: "Pole", id: content.from } },
      { property: "End", target: { kind: "Pole", id: content.to } },
    ],
    toElement: () => ({ classFullName: "SiteSurvey:Cable", userLabel: id }),
  };
}

function toPole({ id, x, y, height }: { id: string; x: number; y: number; height: number }): EntityElement {
  const shape = new GeometryStreamBuilder();
  const cone = Cone.createAxisPoints(Point3d.create(0, 0, 0), Point3d.create(0, 0, height), 0.2, 0.1, true);
  if (cone !== undefined) shape.appendGeometry(cone);
  const placement = { origin: [x, y, 0], angles: {} };
  return { classFullName: "SiteSurvey:Pole", userLabel: id, height, placement, geom: shape.geometryStream };
}
