import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeConnector } from "itwin-connector-framework/testing";
import { isLongTest } from "../../../test/support/long.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { dbf, polygon, shp, shx, square, utm10, type TestField, type TestShape, type Xyz } from "./shapefiles.js";
import { connectorModule } from "./support.js";

const without = isLongTest ? [] : ["memory"]; // that of the connector for CSV is always checked

describeConnector({ connectorModule, sampleDir: fileURLToPath(new URL("../sample", import.meta.url)) }, { without });
describeConnector({ connectorModule, sampleDir: shapefileSample(), generate: generateShapefile }, { without });

/** A record of a shapefile, by its identifier. */
type Site = [id: string, use: string, shape: TestShape];

/** The same for shapefiles, which nobody could read if they were files of the project. */
function shapefileSample(): string {
  const folder = temporaryFolder();
  const plots: Site[] = [
    ["A", "park", polygon(square(0, 0, 100), square(20, 20, 10).reverse())],
    ["B", "house", polygon(square(200, 0, 40))],
    ["C", "pond", polygon(square(0, 200, 30), square(60, 200, 30))],
  ];
  const [first, second, third] = plots as [Site, Site, Site];
  writeShapefile(join(folder, "1-first"), plots);
  writeShapefile(join(folder, "2-changed"), [first, ["B", "barn", second[2]], third]);
  writeShapefile(join(folder, "3-deleted"), [first, third]);
  writeShapefile(join(folder, "4-reordered"), plots.toReversed());
  writeFileSync(join(folder, "sample.json"), '{ "source": "plots.shp" }');
  return folder;
}

/** A large shapefile, in which each record takes 7,000 bytes. */
async function generateShapefile(path: string, entities: number): Promise<undefined> {
  const outline = polygon(circle(500_000, 4_000_000, 420));
  const sites = Array.from({ length: entities }, (_, index): Site => [`S-${index}`, "field", outline]);
  writeShapefile(dirname(path), sites);
  return undefined;
}

/** A ring of so many points, clockwise. */
function circle(x: number, y: number, count: number): Xyz[] {
  const angles = Array.from({ length: count + 1 }, (_, index) => (-2 * Math.PI * (index % count)) / count);
  return angles.map((angle) => [x + 100 * Math.cos(angle), y + 100 * Math.sin(angle)]);
}

function writeShapefile(folder: string, sites: Site[]): void {
  const fields: TestField[] = [
    ["id", "C", 10],
    ["use", "C", 20],
  ];
  const shapes = sites.map(([, , shape]) => shape);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "plots.shp"), shp(shapes));
  writeFileSync(join(folder, "plots.shx"), shx(shapes));
  writeFileSync(join(folder, "plots.prj"), utm10);
  const rows = sites.map(([id, use]) => [id, use]);
  writeFileSync(join(folder, "plots.dbf"), dbf(fields, rows));
}
