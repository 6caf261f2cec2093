import { writeFileSync } from "node:fs";
import { hostileJson, hostileTablesAs, recordsOf, type HostileTable } from "itwin-connector-framework/testing";
import { dbf, point, shp, shx, utm10, type TestField } from "./shapefiles.js";
import { connectorModule } from "./support.js";
import { describeHostile } from "../../../test/support/hostile.js";

/** A .dbf takes names of so many bytes, and values of so many. */
const longestName = 10;
const longestValue = 254;
/** So many bytes fit into a record of a .dbf, and so many fields into its header, whose lengths have 16 bits. */
const longestRecord = 65_535;
const mostFields = 2046;

const collectionOf = (features: string) => `{"type":"FeatureCollection","features":${features}}`;

const features = hostileTablesAs("hostile.geojson", (table) =>
  collectionOf(JSON.stringify(recordsOf(table).map(featureOf))),
);
const titlesOfTables = new Set(features.sources.map(({ title }) => title));

/** Collections of what is no feature, and what only JSON can be. */
const others = hostileJson(features.fileName, collectionOf).sources.filter(({ title }) => !titlesOfTables.has(title));

describeHostile({ connectorModule, ...features, sources: [...features.sources, ...others] });

describeHostile({ connectorModule, ...hostileTablesAs("hostile.shp", writeShapefile) });

function featureOf(properties: Record<string, unknown>, index = 0): object {
  const geometry = { type: "Point", coordinates: [8 + index / 1e6, 50] };
  return { type: "Feature", properties, geometry };
}

function writeShapefile({ header, rows }: HostileTable, path: string): undefined {
  const fieldCount = Math.min(header.length, mostFields);
  const length = Math.min(longestValue, Math.floor((longestRecord - 1) / fieldCount));
  const fields = header
    .slice(0, fieldCount)
    .map((name): TestField => [Buffer.from(name).subarray(0, longestName).toString("latin1"), "C", length]);
  const cells = rows.map((row) => fields.map((_, index) => bytesOf(row[index])));
  const shapes = rows.map((_, index) => point(500_000 + index, 4_000_000));
  const write = (extension: string, content: string | Buffer) =>
    writeFileSync(path.replace(/shp$/, extension), content);
  write("shp", shp(shapes, 1));
  write("shx", shx(shapes));
  write("dbf", dbf(fields, cells));
  write("prj", utm10);
}

function bytesOf(cell: HostileTable["rows"][number][number] | undefined): Buffer {
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : `${cell ?? ""}`;
  return Buffer.from(text).subarray(0, longestValue);
}
