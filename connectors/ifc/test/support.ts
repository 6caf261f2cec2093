import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { IModelDb } from "@itwin/core-backend";
import { Point3d, Range3d, Vector3d } from "@itwin/core-geometry";
import type { RunResult } from "itwin-connector-framework";
import { houseText } from "./house.js";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";

export { guid } from "./ifcText.js";

/** The module of the connector. */
export const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Files of other people, which are not part of the project. */
export const sharedData = fileURLToPath(new URL("../../../../shared/data/ifc", import.meta.url));

/** The real files with the number of their IfcProducts, as `grep` counts them. */
export const realFiles = ["Duplex_A", "LargeBuilding", "IfcOpenHouse_IFC4", "SampleHouse_IFC4"] as const;

/** Whether the real files are there. */
export const hasRealFiles = existsSync(sharedData);

/** Triangles, however they were made. */
export interface Triangles {
  /** Around all of them. */
  range: Range3d;
  /** The sum of their areas, in square metres. */
  area: number;
  /** What they enclose, in cubic metres, if they enclose something. */
  volume: number;
  count: number;
}

/** An IFC file, and the iModel that it goes into. */
export class IfcTimeline extends ConnectorTimeline {
  public constructor(file = "house.ifc") {
    super(connectorModule, file);
  }

  /** How many rows an ECSQL query has. */
  public count(ecsql: string): number {
    return this.query(ecsql).length;
  }
}

/** The sample with more instances. */
export function withLines(...lines: string[]): string {
  return houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`);
}

/** What a run reports as a loss, a line for each: count, what, and the first instance. */
export function linesOf({ notImported }: RunResult): string[] {
  const losses = notImported.filter(({ isLoss }) => isLoss !== false);
  return losses.map(({ count, what, example }) => `${count} ${what} ${example}`).sort();
}

/** No triangles yet. */
export function noTriangles(): Triangles {
  return { range: Range3d.createNull(), area: 0, volume: 0, count: 0 };
}

/** Takes in a triangle. */
export function addTriangle(triangles: Triangles, [a, b, c]: readonly [Point3d, Point3d, Point3d]): void {
  triangles.range.extendPoint(a);
  triangles.range.extendPoint(b);
  triangles.range.extendPoint(c);
  triangles.area += a.crossProductToPoints(b, c).magnitude() / 2;
  triangles.volume += Vector3d.createFrom(a).tripleProduct(Vector3d.createFrom(b), Vector3d.createFrom(c)) / 6;
  triangles.count++;
}

/** What elements show, as any viewer gets it. */
export function exportTriangles(imodel: IModelDb, elementIds: string[]): Triangles {
  const triangles = noTriangles();
  imodel.exportGraphics({
    elementIdArray: elementIds,
    onGraphics: ({ mesh: { points, indices } }) => {
      const at = (corner: number) => {
        const index = 3 * indices[corner]!;
        return Point3d.create(points[index], points[index + 1], points[index + 2]);
      };
      for (let corner = 0; corner < indices.length; corner += 3)
        addTriangle(triangles, [at(corner), at(corner + 1), at(corner + 2)]);
    },
  });
  return triangles;
}
