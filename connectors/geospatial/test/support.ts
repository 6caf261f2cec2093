import { fileURLToPath } from "node:url";
import type { GeometricElement3d, IModelDb } from "@itwin/core-backend";
import { GeometryStreamIterator } from "@itwin/core-common";
import { LineString3d, Loop, ParityRegion, Point3d, PolygonOps, type AnyRegion } from "@itwin/core-geometry";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { query } from "../../../test/support/iModels.js";
import { dbf, shp, shx, utm10, type TestField, type TestShape } from "./shapefiles.js";

/** The module of the connector. */
export const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Files of other people, which are not part of the project. */
export const sharedData = fileURLToPath(new URL("../../../../shared/data/shp", import.meta.url));

/** What an element shows, in the iModel's coordinates. */
export interface Drawn {
  label: string;
  /** Of all its regions. */
  area: number;
  /** How many outer and inner rings its regions have. */
  rings: [outer: number, holes: number];
  lines: Point3d[][];
  /** Where its markers are. */
  points: Point3d[];
  regions: AnyRegion[];
}

/** A shapefile of sites, and the iModel that it goes into. */
export class ShapefileTimeline extends ConnectorTimeline {
  public constructor(file = "sites.shp") {
    super(connectorModule, file);
  }

  /** Writes all files of a shapefile. */
  public writeShapefile(
    shapes: TestShape[],
    rows: string[][],
    fields: TestField[] = [["id", "C", 10]],
    prj = utm10,
  ): void {
    this.write(shp(shapes));
    this.write(shx(shapes), "sites.shx");
    this.write(dbf(fields, rows), "sites.dbf");
    this.write(prj, "sites.prj");
  }

  /** What the elements of a class show, in the order of their labels. */
  public draw(classFullName = "GeoSites.Sites"): Drawn[] {
    return this.read((imodel) =>
      query(imodel, `SELECT ECInstanceId id FROM ${classFullName} ORDER BY UserLabel`).map(({ id }) =>
        drawnOf(imodel, id as string),
      ),
    );
  }
}

function drawnOf(imodel: IModelDb, id: string): Drawn {
  const element = imodel.elements.getElement<GeometricElement3d>({ id, wantGeometry: true });
  const drawn: Drawn = { label: element.userLabel!, area: 0, rings: [0, 0], lines: [], points: [], regions: [] };
  if (element.geom === undefined) return drawn;
  const { origin } = element.placement;
  for (const { primitive } of GeometryStreamIterator.fromGeometricElement3d(element)) {
    if (primitive.type === "partReference") {
      drawn.points.push(
        primitive.part.toLocal === undefined
          ? origin
          : primitive.part.toLocal.multiplyPoint3d(Point3d.createZero()).plus(origin),
      );
      continue;
    }
    if (primitive.type !== "geometryQuery") continue;
    const { geometry } = primitive;
    if (geometry instanceof Loop || geometry instanceof ParityRegion) addRegion(drawn, geometry);
    if (geometry instanceof LineString3d) drawn.lines.push(geometry.points);
  }
  return drawn;
}

function addRegion(drawn: Drawn, region: Loop | ParityRegion): void {
  drawn.regions.push(region);
  for (const loop of region instanceof Loop ? [region] : region.children) drawn.area += areaOf(loop);
  drawn.rings[0] += 1;
  if (region instanceof ParityRegion) drawn.rings[1] += region.children.length - 1;
}

/** Below zero for one that goes clockwise. */
export function areaOf({ children: [ring] }: Loop): number {
  // RegionOps.computeXYAreaMoments is off by several millionths for polygons of many points.
  return PolygonOps.areaXY((ring as LineString3d).points);
}
