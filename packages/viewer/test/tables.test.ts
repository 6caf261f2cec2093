import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SnapshotDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation, GeometryStreamBuilder } from "@itwin/core-common";
import { LineString3d, Loop, ParityRegion, Point3d, PointString3d, Sphere } from "@itwin/core-geometry";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import type { ConnectorError } from "itwin-connector-framework";
import { exportTable, type TableExport, type TableExportOptions, type TableFormat } from "itwin-connector-viewer";
import { queryFile, readIModel } from "../../../test/support/iModels.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { at, box, Scene, streamOf } from "./Scene.js";
import { makeHouse, makeIModel, makeSites, makeTable } from "./scenes.js";

type Cells = Record<string, string>;

interface Feature {
  id: string;
  geometry: { type: string; coordinates: unknown } | null;
  properties: Record<string, unknown>;
}

interface Collection {
  type: string;
  units?: Record<string, string>;
  features: Feature[];
}

interface Line {
  id: string;
  class: string;
  properties: Record<string, unknown>;
  units?: Record<string, string>;
  aspects: { class: string; label: string; properties: Record<string, unknown>; units?: Record<string, string> }[];
  provenance: Record<string, unknown>[];
}

/** Exports to a new file. @returns what was reported, and the content */
async function write(
  path: string,
  format: TableFormat,
  options: Omit<TableExportOptions, "format"> = {},
): Promise<TableExport & { text: string }> {
  const out = join(temporaryFolder(), `table.${format}`);
  const result = await exportTable(path, out, { format, ...options });
  expect(readdirSync(dirname(out))).to.deep.equal([`table.${format}`]);
  return { ...result, text: readFileSync(out, "utf8") };
}

function readCsv(text: string): Cells[] {
  return parse(text, { columns: true, relax_column_count: false });
}

function sceneAt(longitude: number, latitude: number): Scene {
  const scene = new Scene();
  const origin = Cartographic.fromDegrees({ longitude, latitude, height: 0 });
  scene.imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(origin));
  return scene;
}

/** From low to high in x, 1 km high. */
function square(low: number, high: number): Point3d[] {
  return [
    [low, 0],
    [high, 0],
    [high, 1000],
    [low, 1000],
    [low, 0],
  ].map(([x, y]) => Point3d.create(x, y));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: unknown) => (error as ConnectorError).code,
  );
}

const bracket = '=1+1\n"quoted", and more';

describe("Tables of a building", () => {
  let house: string;
  before(async () => (house = await makeHouse()));

  it("hold the elements of classes with their property sets, units and provenance, as CSV", async () => {
    const { text, elements } = await write(house, "csv", { classes: ["Ifc:IfcWall"] });
    expect(text)
      .to.match(/\r\n$/)
      .and.not.match(/[^\r]\n/);
    const rows = readCsv(text);
    const walls = queryFile(
      house,
      `SELECT w.ECInstanceId id, w.Name name, w.GlobalId guid, q.Length length FROM Ifc.IfcWall w
       LEFT JOIN Ifc.Qto_WallBaseQuantities q ON q.Element.Id=w.ECInstanceId ORDER BY w.ECInstanceId`,
    );
    expect(rows).to.have.length(walls.length);
    expect(elements).to.equal(walls.length).and.above(0);
    const lengthName = Object.keys(rows[0]!).find((name) => /^Qto_WallBaseQuantities\.Length \[.+\]$/.test(name))!;
    for (const [index, { id, name, guid, length }] of walls.entries()) {
      const row = rows[index]!;
      expect(row).to.include({ ECInstanceId: id, ECClassName: "Ifc:IfcWall", UserLabel: name, Name: name });
      expect(row[lengthName]).to.equal(length === undefined ? "" : JSON.stringify(length));
      expect(row).to.include({ "Source.Connector": "IFC", "Source.Identifier": guid, "Source.Document": "house.ifc" });
      expect(row).to.include({ Model: "Building", Category: "IfcWall" });
    }
  });

  it("hold all classes of the source by default, with the union of their columns", async () => {
    const rows = readCsv((await write(house, "csv")).text);
    const all = queryFile(house, "SELECT ECInstanceId id FROM bis.Element WHERE ec_classname(ECClassId, 's') = 'Ifc'");
    expect(new Set(rows.map((row) => row.ECInstanceId))).to.deep.equal(new Set(all.map(({ id }) => id)));
    expect(Object.keys(rows[0]!)).to.include.members(["OverallHeight [m]", "Pset_WallCommon.FireRating"]);
  });

  it("hold each value with its own type, as JSON Lines", async () => {
    const { text } = await write(house, "json", { classes: ["Ifc:IfcWall", "Ifc:IfcDoor"] });
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const doors = lines.filter((line) => line.class === "Ifc:IfcDoor");
    expect(doors[0]!.properties.OverallHeight).to.equal(2.1);
    expect(doors[0]!.units).to.include({ OverallHeight: "m" });
    const wall = lines.find((line) => line.class === "Ifc:IfcWall")!;
    const common = wall.aspects.find(({ label }) => label === "Pset_WallCommon")!;
    expect(Object.values(common.properties).some((value) => typeof value === "boolean")).to.be.true;
    expect(wall.provenance[0]).to.include({ connector: "IFC", kind: "IfcRoot", document: "house.ifc" });
  });

  it("hold what a query selects: elements, or its own columns", async () => {
    const ids = queryFile(house, "SELECT ECInstanceId id FROM Ifc.IfcDoor").map(({ id }) => id);
    const elements = await write(house, "csv", { ecsql: "SELECT ECInstanceId FROM Ifc.IfcDoor;" });
    expect(readCsv(elements.text).map((row) => row.ECInstanceId)).to.deep.equal(ids);
    expect(readCsv(elements.text)[0]).to.have.property("Source.Kind", "IfcRoot");
    const ecsql = "SELECT Name, OverallHeight AS H, NULL AS Nothing FROM Ifc.IfcDoor ORDER BY ECInstanceId";
    const own = await write(house, "csv", { ecsql });
    expect(own.text.split("\r\n")[0]).to.equal("Name,H,Nothing");
    expect(own.elements).to.equal(ids.length);
    const [line] = (await write(house, "json", { ecsql })).text.split("\n");
    expect(JSON.parse(line!)).to.deep.equal({ Name: "door in wall 0.0", H: 2.1, Nothing: null });
    expect(await codeOf(write(house, "geojson", { ecsql }))).to.equal("usage/no-element-column");
  });

  it("refuse what cannot be, before there is a file", async () => {
    const out = join(temporaryFolder(), "x.csv");
    const csv = { format: "csv" } as const;
    expect(await codeOf(exportTable(house, out, { ...csv, ecsql: "SELECT Nope FROM bis.Element" }))).to.equal(
      "viewer/ecsql",
    );
    expect(await codeOf(exportTable(house, out, { ...csv, ecsql: "DELETE FROM bis.Element" }))).to.equal(
      "viewer/ecsql",
    );
    expect(await codeOf(exportTable(house, out, { ...csv, classes: ["Nope:Nope"] }))).to.equal("usage/unknown-class");
    const both = { classes: ["Ifc:IfcWall"], ecsql: "SELECT 1" };
    expect(await codeOf(exportTable(house, out, { ...csv, ...both }))).to.equal("usage/classes-and-ecsql");
    expect(readdirSync(dirname(out))).to.be.empty;
    writeFileSync(out, "mine");
    expect(await codeOf(exportTable(house, out, csv))).to.equal("usage/file-exists");
    expect(readFileSync(out, "utf8")).to.equal("mine");
    expect((await exportTable(house, out, { ...csv, overwrite: true })).elements).to.be.above(0);
  });

  it("put footprints where PROJ puts the corners", async function () {
    if (spawnSync("gdaltransform", ["--version"]).error !== undefined) this.skip();
    const { features } = JSON.parse((await write(house, "geojson", { classes: ["Ifc:IfcDoor"] })).text) as Collection;
    for (const { id, geometry } of features) {
      expect(geometry?.type).to.equal("Polygon");
      const ring = (geometry!.coordinates as number[][][])[0]!;
      const expected = readIModel(house, (imodel) => {
        const { placement } = imodel.elements.getElement(id) as unknown as {
          placement: import("@itwin/core-common").Placement3d;
        };
        return placement.getWorldCorners().points.map((corner) => imodel.spatialToEcef(corner));
      });
      const input = expected.map(({ x, y, z }) => `${x} ${y} ${z}`).join("\n");
      const output = execFileSync("gdaltransform", ["-s_srs", "EPSG:4978", "-t_srs", "EPSG:4979"], { input });
      const corners = output
        .toString()
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number));
      for (const [longitude, latitude] of ring) {
        const nearest = Math.min(...corners.map(([x, y]) => Math.hypot(x! - longitude!, y! - latitude!)));
        expect(nearest, `${id}: degrees from a corner`).to.be.below(2e-9);
      }
    }
  });
});

describe("Tables of other sources", () => {
  it("hold every text as it is", async () => {
    const rows = [
      ["A", bracket],
      ["B", " spaces "],
      ["C", "üñí ☃ 𝄞"],
      ["D", "9007199254740993"],
    ];
    const quoted = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");
    const path = await makeTable(`tag,title\n${quoted}\n`, { idColumn: "tag", className: "Part" });
    const table = readCsv((await write(path, "csv", { classes: ["CsvPart:Part"] })).text);
    expect(table.map((row) => row.title)).to.deep.equal(rows.map(([, title]) => title));
    const lines = (await write(path, "json", { classes: ["CsvPart:Part"] })).text.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as Line).properties.title)).to.deep.equal(
      rows.map(([, title]) => title),
    );
  });

  it("have the columns of a class without elements", async () => {
    const path = await makeTable("tag\nA\n", { idColumn: "tag" });
    const { text, elements } = await write(path, "csv", { classes: ["BisCore:Drawing"] });
    expect([elements, readCsv(text).length]).to.deep.equal([0, 0]);
    expect(text).to.match(/^ECInstanceId,/);
  });

  it("hold longitude and latitude, lines, areas with holes, as the source has them, as far as the plane of the iModel allows", async () => {
    const shapes = {
      point: { type: "Point", coordinates: [8.5, 50.25] },
      line: {
        type: "LineString",
        coordinates: [
          [8.5, 50.25],
          [8.51, 50.26],
          [8.52, 50.25],
        ],
      },
      area: {
        type: "Polygon",
        coordinates: [
          [
            [8.5, 50.2],
            [8.6, 50.2],
            [8.6, 50.3],
            [8.5, 50.3],
            [8.5, 50.2],
          ],
          [
            [8.52, 50.22],
            [8.52, 50.28],
            [8.58, 50.28],
            [8.58, 50.22],
            [8.52, 50.22],
          ],
        ],
      },
    };
    const features = Object.entries(shapes).map(([id, geometry]) => ({
      type: "Feature",
      id,
      properties: { name: id },
      geometry,
    }));
    const path = await makeSites(features);
    const { text } = await write(path, "geojson");
    const found = new Map(
      (JSON.parse(text) as Collection).features.map((feature) => [feature.properties.name, feature]),
    );
    expect(distances(found.get("point")!.geometry!.coordinates, shapes.point.coordinates)).to.be.below(1e-6);
    expect(found.get("line")!.geometry!.type).to.equal("LineString");
    expect(distances(found.get("line")!.geometry!.coordinates, shapes.line.coordinates)).to.be.below(1e-6);
    const area = found.get("area")!.geometry!;
    expect(area.type).to.equal("Polygon");
    const rings = area.coordinates as number[][][];
    expect(rings.map((ring) => Math.sign(signedArea(ring)))).to.deep.equal([1, -1]);
    expect(signedArea(rings[0]!)).to.be.closeTo(0.01, 1e-6);
    expect(signedArea(rings[1]!)).to.be.closeTo(-0.0036, 1e-6);
    if (spawnSync("ogrinfo", ["--version"]).error !== undefined) return;
    const out = join(temporaryFolder(), "sites.geojson");
    writeFileSync(out, text);
    expect(execFileSync("ogrinfo", ["-al", "-so", out]).toString()).to.match(/Feature Count: 3/);
  });

  it("cut what crosses the antimeridian", async () => {
    const scene = sceneAt(180, -17);
    scene.add(streamOf(LineString3d.create([-10_000, 0, 0], [10_000, 100, 0])));
    scene.add(streamOf(Loop.createPolygon(square(-10_000, 10_000))));
    const hole = Loop.createPolygon(square(4000, 5000).reverse());
    scene.add(streamOf(ParityRegion.create(Loop.createPolygon(square(-10_000, 10_000)), hole)));
    const { text } = await write(scene.save(), "geojson");
    const [line, area, holed] = (JSON.parse(text) as Collection).features.map(({ geometry }) => geometry!);
    expect(line!.type).to.equal("MultiLineString");
    const lines = line!.coordinates as number[][][];
    expect(lines.map((piece) => piece.length)).to.deep.equal([2, 2]);
    expect(lines.map(([from, to]) => Math.sign(from![0]! * to![0]!))).to.deep.equal([1, 1]);
    for (const piece of lines) expect(extentOf(piece)).to.be.within(0.09, 0.1);
    for (const { type, coordinates } of [area!, holed!]) {
      expect(type).to.equal("MultiPolygon");
      const polygons = coordinates as number[][][][];
      expect(polygons).to.have.length(2);
      for (const [ring] of polygons) {
        expect(extentOf(ring!)).to.be.within(0.09, 0.1);
        expect(signedArea(ring!)).to.be.above(0);
        expect(ring!.at(-1)).to.deep.equal(ring![0]);
      }
    }
    const rings = (holed!.coordinates as number[][][][]).map((polygon) => polygon.length);
    expect(rings.sort()).to.deep.equal([1, 2]);
  });

  it("draw points, marks, solids and what stands in parts, where PROJ puts them", async () => {
    const scene = sceneAt(8.5, 50.25);
    const part = scene.addPart(LineString3d.create([0, 0, 0], [1, 0, 0]));
    const builder = new GeometryStreamBuilder();
    builder.appendGeometryPart3d(part, Point3d.create(5, 0, 0));
    const [x, y, z] = [120, -40, 7];
    const ids = [
      scene.add(streamOf(PointString3d.create(Point3d.create(1, 2, 3))), at(x, y, z)),
      scene.add(streamOf(Sphere.createCenterRadius(Point3d.create(1, 2, 3), 0.5)), at(x, y, z)),
      scene.add(builder.geometryStream, at(x, y, z, { yaw: 90 })),
      scene.add(streamOf(box(4, 2, 1)), at(x, y, z, { yaw: 45 })),
      scene.addDrawing("Plan", streamOf(LineString3d.create([0, 0, 0], [1, 0, 0]))),
    ];
    const path = scene.save();
    const { features } = JSON.parse((await write(path, "geojson")).text) as Collection;
    const found = new Map(features.map(({ id, geometry }) => [id, geometry]));
    const geometries = ids.map((id) => found.get(id));
    expect(geometries.map((geometry) => geometry?.type)).to.deep.equal([
      "Point",
      "Point",
      "LineString",
      "Polygon",
      undefined,
    ]);
    const half = Math.SQRT1_2;
    const corners = [
      [0, 0],
      [4 * half, 4 * half],
      [2 * half, 6 * half],
      [-2 * half, 2 * half],
    ];
    const expected = [
      [[x + 1, y + 2, z + 3]],
      [[x + 1, y + 2, z + 3]],
      [
        [x, y + 5, z],
        [x, y + 6, z],
      ],
      corners.map(([dx, dy]) => [x + dx!, y + dy!, z]),
    ];
    const drawn = [
      [geometries[0]!.coordinates],
      [geometries[1]!.coordinates],
      geometries[2]!.coordinates,
      (geometries[3]!.coordinates as number[][][])[0]!.slice(1),
    ] as number[][][];
    const ecef = readIModel(path, (imodel) =>
      expected.flat().map(([a, b, c]) => imodel.spatialToEcef({ x: a!, y: b!, z: c! })),
    );
    if (spawnSync("gdaltransform", ["--version"]).error !== undefined) return;
    const input = ecef.map((point) => [point.x, point.y, point.z].join(" ")).join("\n");
    const args = ["-s_srs", "EPSG:4978", "-t_srs", "EPSG:4979"];
    const lines = execFileSync("gdaltransform", args, { input }).toString().trim().split("\n");
    const wanted = lines.map((line) => line.split(" ").map(Number));
    for (const [longitude, latitude, height] of drawn.flat()) {
      const near = wanted.map(([a, b, c]) =>
        Math.max(Math.hypot(a! - longitude!, b! - latitude!) * 111_000, Math.abs(c! - height!)),
      );
      expect(Math.min(...near), `metres from ${longitude} ${latitude}`).to.be.below(0.001);
    }
    expect(drawn.map((points) => points.length)).to.deep.equal([1, 1, 2, 4]);
  });

  it("report an element whose geometry cannot be read, and go on", async () => {
    const scene = sceneAt(0, 0);
    const damaged = [1, 2, 8, 50, 100].map((length) => scene.addDamaged(length));
    damaged.push(scene.addWithDamagedPart(8));
    scene.add(streamOf(box()));
    const { issues, text, elements } = await write(scene.save(), "geojson");
    expect(elements).to.equal(7);
    const { features } = JSON.parse(text) as Collection;
    const without = features.filter(({ geometry }) => geometry === null).map(({ id }) => id);
    expect(without).to.have.members(damaged);
    expect(issues.map(({ elementId }) => elementId)).to.have.members(damaged);
    expect(new Set(issues.map(({ message }) => message)).size).to.equal(1);
  });

  it("need a place on the Earth for GeoJSON only", async () => {
    const path = await makeIModel(() => {});
    const out = join(temporaryFolder(), "x.geojson");
    expect(await codeOf(exportTable(path, out, { format: "geojson" }))).to.equal("viewer/no-place");
    expect(existsSync(out)).to.be.false;
    expect((await write(path, "csv")).elements).to.equal(0);
  });

  it("are written from an iModel that is open", async () => {
    const path = await makeTable("tag\nA\n", { idColumn: "tag" });
    const imodel = SnapshotDb.openFile(path);
    try {
      const out = join(temporaryFolder(), "x.csv");
      expect((await exportTable(imodel, out, { format: "csv" })).elements).to.equal(1);
    } finally {
      imodel.close();
    }
  });
});

/** The largest difference of longitudes and latitudes; heights are not compared. */
function distances(left: unknown, right: unknown): number {
  const [a, b] = [left, right] as number[][];
  if (typeof (left as unknown[])[0] === "number")
    return Math.hypot(
      (a as unknown as number[])[0]! - (b as unknown as number[])[0]!,
      (a as unknown as number[])[1]! - (b as unknown as number[])[1]!,
    );
  return Math.max(...(left as unknown[]).map((item, index) => distances(item, (right as unknown[])[index])));
}

/** In square degrees, positive if counterclockwise. */
function signedArea(ring: readonly number[][]): number {
  const [x0, y0] = ring[0] as [number, number];
  return ring.slice(1).reduce((sum, [x, y], index) => {
    const [px, py] = ring[index] as [number, number];
    return sum + ((px - x0) * (y! - y0) - (x! - x0) * (py - y0)) / 2;
  }, 0);
}

function extentOf(line: readonly number[][]): number {
  const longitudes = line.map(([longitude]) => longitude!);
  return Math.max(...longitudes) - Math.min(...longitudes);
}
