import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SnapshotDb } from "@itwin/core-backend";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import { Timeline, useFolder, useHost, written } from "./support.js";

type Pair = [number, number];

const degree = 111_320; // metres, of the meridian and of the equator

describe("the coordinate system of x and y", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  function origins(table = "CsvParts.Parts"): Point3d[] {
    const rows = timeline.query(`SELECT Origin.X x0, Origin.Y y0, Origin.Z z0 FROM ${table} ORDER BY UserLabel`);
    return rows.map(({ x0, y0, z0 }) => Point3d.create(x0 as number, y0 as number, z0 as number));
  }

  /** Where the rows are on the Earth, by the iModel's own location. */
  function places(table?: string): { longitude: number; latitude: number; height: number; ecef: Point3d }[] {
    const points = origins(table);
    return timeline.read((imodel) =>
      points.map((point) => {
        const { longitudeDegrees, latitudeDegrees, height } = imodel.spatialToCartographicFromEcef(point);
        return { longitude: longitudeDegrees, latitude: latitudeDegrees, height, ecef: imodel.spatialToEcef(point) };
      }),
    );
  }

  function distance({ longitude, latitude }: { longitude: number; latitude: number }, [east, north]: Pair): number {
    const shrunk = Math.cos((north * Math.PI) / 180);
    return Math.hypot((longitude - east) * shrunk, latitude - north) * degree;
  }

  function rowsOf(points: readonly Pair[], more = ""): string {
    return `id,x,y\n${points.map(([x, y], index) => `${index + 1},${x},${y}\n`).join("")}${more}`;
  }

  function codes({ issues }: RunResult): string[] {
    return issues.map(({ code }) => code);
  }

  /** What PROJ makes of positions in the order of ordinary software, without grids. */
  function byProj(code: string, points: readonly Pair[]): Pair[] {
    const input = points.map(([x, y]) => `${x} ${y}`).join("\n");
    const args = ["-f", "%.10f", code, "+to", "+proj=longlat +datum=WGS84 +type=crs"];
    const output = execFileSync("cs2cs", args, { input, env: { ...process.env, PROJ_NETWORK: "OFF" } });
    const lines = output.toString().trim().split("\n");
    return lines.map((line) => line.split(/\s+/).slice(0, 2).map(Number) as Pair);
  }

  function hasProj(): boolean {
    return spawnSync("cs2cs", [], { input: "" }).error === undefined;
  }

  /** Positions, where PROJ puts them (WGS 84), and how exact the shift between the datums is said to be, in metres. */
  const cases: Record<string, { points: Pair[]; places: Pair[]; within: number; ordinary?: boolean }> = {
    "EPSG:25832": {
      points: [[500000, 5540000], [500300, 5540100], [499800, 5539700]],
      places: [[9, 50.0123155197], [9.0041871705, 50.0132148476], [8.9972087614, 50.0096172752]],
      within: 0.01,
      ordinary: true,
    },
    "EPSG:28992": {
      points: [[155000, 463000], [155300, 463100], [154800, 462700]],
      places: [[5.3872035084, 52.1551723012], [5.3915873741, 52.1560710063], [5.384281159, 52.1524758902]],
      within: 1,
      ordinary: true,
    },
    "EPSG:2263": {
      points: [[987000, 190000], [988000, 190500], [986200, 189300]],
      places: [[-73.9900840147, 40.6881824146], [-73.9864779235, 40.6895544324], [-73.9929688675, 40.6862612874]],
      within: 0.01,
      ordinary: true,
    },
    "EPSG:31370": {
      points: [[150000, 170000], [150300, 170100], [149800, 169700]],
      places: [[4.3687521409, 50.8404112831], [4.3730114662, 50.8413101334], [4.3659127771, 50.8377144061]],
      within: 1,
      ordinary: true,
    },
    "EPSG:4258": {
      points: [[13.4, 52.5], [13.403, 52.502], [13.398, 52.497]],
      places: [[13.4, 52.5], [13.403, 52.502], [13.398, 52.497]],
      within: 0.01,
    },
    "NTF (Paris)": {
      points: [[0.1, 54.3], [0.103, 54.302], [0.098, 54.297]], // grads, from Paris
      places: [[2.4265090277, 48.8699311268], [2.4292091113, 48.8717311332], [2.4247089935, 48.8672311313]],
      within: 1,
    },
  }; // prettier-ignore

  for (const [crs, { points, places: expected, within, ordinary }] of Object.entries(cases)) {
    it(`puts rows where PROJ puts them: ${crs}`, async () => {
      timeline.args = { crs };
      await timeline.sync(rowsOf(points));
      for (const [index, place] of places().entries()) {
        expect(distance(place, expected[index]!), `metres of row ${index + 1}`).to.be.below(within);
        expect(place.height).to.be.closeTo(0, 0.1);
      }
      if (ordinary !== true || !hasProj()) return;
      for (const [index, place] of byProj(crs, points).entries())
        expect(distance(places()[index]!, place), `metres of row ${index + 1} from cs2cs`).to.be.below(within);
    });
  }

  it("places the iModel in the middle of the rows", async () => {
    timeline.args = { crs: "ETRS89 / UTM zone 32N" };
    await timeline.sync("id,x,y,z\n1,500000,5540000,0\n2,500600,5540200,12.5\n");
    const [first, second] = origins();
    expect(first!.isAlmostEqual(Point3d.create(-300, -100, 0), 1e-6)).to.equal(true);
    expect(second!.isAlmostEqual(Point3d.create(300, 100, 12.5), 1e-6)).to.equal(true);
  });

  it("takes x and y in its own unit, and z in the units that are named", async () => {
    timeline.args = { crs: "EPSG:2263", units: "ft" };
    const result = await timeline.sync("id,x,y,z\n1,987000,190000,0\n2,988000,190000,1000\n");
    const [first, second] = origins();
    expect(second!.x - first!.x).to.be.closeTo(1000 * (1200 / 3937), 1e-6);
    expect(second!.z - first!.z).to.be.closeTo(304.8, 1e-9);
    expect(codes(result)).to.not.include("csv/unit-of-heights");
  });

  it("says that z is taken in metres where x and y are in feet and nobody names a unit", async () => {
    timeline.args = { crs: "EPSG:2263" };
    const result = await timeline.sync("id,x,y,z\n1,987000,190000,0\n2,988000,190000,10\n");
    expect(origins()[1]!.z).to.equal(10);
    const issue = result.issues.find(({ code }) => code === "csv/unit-of-heights");
    expect(issue?.message).to.include('"us-ft"');
    timeline.file = "flat.csv";
    expect(codes(await timeline.sync("id,x,y,z\n1,987000,190000,0\n"))).to.not.include("csv/unit-of-heights");
  });

  it("takes z in the unit of its heights", async () => {
    const map = `PROJCS["ETRS89 / UTM zone 32N",GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]`;
    const heights = `VERT_CS["NAVD88 height (ftUS)",VERT_DATUM["North American Vertical Datum 1988",2005],UNIT["US survey foot",0.304800609601219],AXIS["Gravity-related height",UP]]`;
    timeline.args = { crs: `COMPD_CS["both",${map},${heights}]` };
    const result = await timeline.sync("id,x,y,z\n1,500000,5540000,1000\n");
    expect(origins()[0]!.z).to.be.closeTo(1000 * (1200 / 3937), 1e-6);
    expect(codes(result)).to.include("places/heights").and.not.include("csv/unit-of-heights");
  });

  it("is that of the mapping's table", async () => {
    const coordinates = { x: "east", y: "north", crs: "EPSG:25832" };
    timeline.args = { mapping: { tables: { Parts: { class: "Part", coordinates } } } };
    await timeline.sync("id,east,north\n1,500000,5540000\n");
    expect(distance(places("CsvParts.Part")[0]!, [9, 50.0123155197])).to.be.below(0.01);
    const earthly = { longitude: "east", latitude: "north", crs: "EPSG:25832" };
    timeline.args = { mapping: { tables: { Parts: { class: "Part", coordinates: earthly } } } };
    expect((await timeline.run("id,east,north\n1,5,5\n")).error?.code).to.equal("csv/mapping");
  });

  it("tells how far places may be wrong, and which grid would help", async () => {
    timeline.args = { crs: "EPSG:31467" };
    const result = await timeline.sync("id,x,y\n1,3476800,5552000\n");
    const issue = result.issues.find(({ code }) => code === "places/accuracy");
    expect(issue?.message).to.include("3 m").and.to.include("--grids");
    expect(distance(places()[0]!, [8.6754, 50.1])).to.be.below(2000);
  });

  describe("of several files in one iModel", () => {
    async function distances(first: string, second: string, [one, other]: [Pair, Pair]): Promise<[number, number]> {
      timeline.args = { crs: first, className: "One" };
      await timeline.sync(rowsOf([one]));
      timeline.file = "parts.txt";
      timeline.args = { crs: second, className: "Other" };
      await timeline.sync(rowsOf([other]));
      const [a, b] = [places("CsvOne.One")[0]!, places("CsvOther.Other")[0]!];
      return [a.ecef.distance(b.ecef), origins("CsvOne.One")[0]!.distanceXY(origins("CsvOther.Other")[0]!)];
    }

    // Longitude 12, latitude 52 and longitude 12.1, latitude 52.05, by PROJ: as Earth-centred points 8835.465 m apart.
    const [inZone32, inZone33]: [Pair, Pair] = [[705928.9189, 5765288.2547], [301155.9393, 5770569.0034]]; // prettier-ignore

    it("puts them as far apart as they are on the ground", async () => {
      const [onEarth, onMap] = await distances("EPSG:25832", "EPSG:25833", [inZone32, inZone33]);
      expect(onEarth).to.be.closeTo(8835.465, 0.2);
      expect(onMap, "with the scale of the map, 0.04 percent").to.be.closeTo(8835.465, 5);
    });

    it("does so in an iModel of longitudes and latitudes", async () => {
      timeline.args = { className: "One" };
      await timeline.sync("id,longitude,latitude\n1,12,52\n");
      timeline.file = "parts.txt";
      timeline.args = { className: "Other", crs: "EPSG:25833" };
      await timeline.sync(rowsOf([inZone33]));
      expect(origins("CsvOne.One")[0]!.distance(Point3d.createZero())).to.be.below(0.001);
      expect(places("CsvOther.Other")[0]!.ecef.distance(places("CsvOne.One")[0]!.ecef)).to.be.closeTo(8835.465, 0.2);
    });

    it("puts longitudes and latitudes on the map of the iModel", async () => {
      timeline.args = { crs: "EPSG:25832", className: "One" };
      await timeline.sync(rowsOf([inZone32]));
      timeline.file = "parts.txt";
      timeline.args = { className: "Other" };
      await timeline.sync("id,longitude,latitude,height\n1,12,52,30\n2,12.1,52.05,30\n");
      const [same, other] = origins("CsvOther.Other");
      expect(same!.isAlmostEqual(Point3d.create(0, 0, 30), 0.001)).to.equal(true);
      expect(other!.z, "flat, as the map is").to.equal(30);
      expect(written(await timeline.sync("id,longitude,latitude,height\n1,12,52,30\n2,12.1,52.05,30\n"))).to.deep.equal(
        [0, 0, 0],
      );
    });

    it("refuses one that is too far away, with the way out", async () => {
      timeline.args = { crs: "EPSG:25832", className: "One" };
      await timeline.sync(rowsOf([inZone32]));
      timeline.file = "parts.txt";
      timeline.args = { crs: "EPSG:2263", className: "Other" };
      const { error } = await timeline.run(rowsOf([[987000, 190000]]));
      expect(error?.code).to.equal("places/too-far");
      expect(error?.advice).to.include('"crs"');
    });
  });

  describe("is part of the state of a file", () => {
    const content = rowsOf([[500000, 5540000], [500300, 5540100], [499800, 5539700]]); // prettier-ignore

    async function rerun(more?: Parameters<Timeline["sync"]>[1]): Promise<[moved: number, ...written: number[]]> {
      const before = origins();
      const result = await timeline.sync(content, more);
      const moved = origins().filter((point, index) => !point.isAlmostEqual(before[index]!, 1e-6)).length;
      return [moved, ...written(result)];
    }

    it("moves all rows when the option changes, and then none", async () => {
      timeline.args = { crs: "EPSG:25832" };
      await timeline.sync(content);
      expect(await rerun()).to.deep.equal([0, 0, 0, 0]);
      expect((await timeline.sync(content)).documents.unchanged, "the file is not read").to.equal(1);
      timeline.args = { crs: "EPSG:25833" };
      expect(await rerun(), "the iModel moves with its only document").to.deep.equal([0, 0, 0, 0]);
      expect(distance(places()[0]!, [15, 50.0123155197])).to.be.below(1);
      expect(await rerun()).to.deep.equal([0, 0, 0, 0]);
      timeline.args = {};
      expect(await rerun(), "coordinates of the iModel").to.deep.equal([3, 0, 3, 0]);
    });

    it("moves all rows when a grid is added", async () => {
      timeline.file = "map.txt";
      timeline.args = { crs: "EPSG:25832", className: "Map" };
      await timeline.sync(rowsOf([[500000, 5540000]]));
      timeline.file = "map.csv";
      timeline.args = { crs: "EPSG:31467", className: "Parts", schemaName: "CsvParts" };
      const grids = join(folder.path, "grids");
      mkdirSync(grids);
      const [x, y] = [3500000, 5541800];
      const german = rowsOf([[x, y], [x + 100, y + 200]]); // prettier-ignore
      await timeline.sync(german, { grids });
      const before = origins();
      expect(written(await timeline.sync(german, { grids }))).to.deep.equal([0, 0, 0]);
      folder.write("grids/beta2007.gsb", constantGrid("DHDN90", "ETRS89", 1, -2));
      expect(written(await timeline.sync(german, { grids }))).to.deep.equal([0, 2, 0]);
      for (const [index, point] of origins().entries()) expect(point.distance(before[index]!)).to.be.above(10);
      expect(written(await timeline.sync(german, { grids }))).to.deep.equal([0, 0, 0]);
      expect(written(await timeline.sync(german)), "without the folder").to.deep.equal([0, 2, 0]);
      for (const [index, point] of origins().entries()) expect(point.distance(before[index]!)).to.be.below(1e-6);
    });

    it("moves all rows when another program moves the iModel", async () => {
      timeline.args = { crs: "EPSG:25832" };
      await timeline.sync(content);
      moveTo(9.01, 50.02);
      expect(await rerun()).to.deep.equal([3, 0, 3, 0]);
      expect(distance(places()[0]!, [9, 50.0123155197])).to.be.below(0.01);
      expect(await rerun()).to.deep.equal([0, 0, 0, 0]);
    });

    it("moves longitudes and latitudes when another program moves the iModel", async () => {
      const earthly = "id,longitude,latitude\n1,9,50\n2,9.001,50.001\n";
      await timeline.sync(earthly);
      expect((await timeline.sync(earthly)).documents.unchanged, "the file is not read").to.equal(1);
      moveTo(9.01, 50.02);
      expect(written(await timeline.sync(earthly))).to.deep.equal([0, 2, 0]);
      expect(distance(places()[0]!, [9, 50])).to.be.below(0.001);
      expect(written(await timeline.sync(earthly))).to.deep.equal([0, 0, 0]);
    });

    function moveTo(longitude: number, latitude: number): void {
      const imodel = SnapshotDb.openForApplyChangesets(timeline.iModel);
      const origin = Cartographic.fromDegrees({ longitude, latitude, height: 0 });
      imodel.updateEcefLocation(EcefLocation.createFromCartographicOrigin(origin));
      imodel.saveChanges();
      imodel.close();
    }
  });

  describe("is refused, with the file and the way out,", () => {
    const wkt = 'PROJCS["a",GEOGCS["b",DATUM["c",SPHEROID["d",6378137,298.25';
    const unknownDatum = "+proj=utm +zone=32 +a=6377000 +rf=299 +units=m";
    const bad: Record<string, { args: object; content?: string; code: string; advice: string }> = {
      "if it is not known": { args: { crs: "EPSG:99999" }, code: "places/unknown-crs", advice: '"crs"' },
      "if its WKT is cut off": { args: { crs: wkt }, code: "places/damaged-crs", advice: '"crs"' },
      "if its datum is not known": {
        args: { crs: unknownDatum },
        code: "places/unknown-datum",
        advice: '"allowUnknownDatum"',
      },
      "if there are no x and y": {
        args: { crs: "EPSG:25832" },
        content: "id,name\n1,a\n",
        code: "csv/no-coordinates",
        advice: '"x" and "y"',
      },
      "if there are longitudes and latitudes alone": {
        args: { crs: "EPSG:25832" },
        content: "id,longitude,latitude\n1,9,50\n",
        code: "csv/no-coordinates",
        advice: "need none",
      },
      "if not one position is on the Earth": {
        args: { crs: "EPSG:4258" },
        content: "id,x,y\n1,500000,5540000\n2,500001,5540001\n",
        code: "csv/coordinate-out-of-range",
        advice: "look like metres",
      },
    };

    for (const [title, { args, content, code, advice }] of Object.entries(bad))
      it(title, async () => {
        timeline.args = args;
        const { error } = await timeline.run(content ?? rowsOf([[500000, 5540000]]));
        expect(error?.code).to.equal(code);
        expect(error?.source?.file).to.equal(join(folder.path, "parts.csv"));
        expect(error?.advice).to.include(advice);
      });

    it("unless an unknown datum is allowed", async () => {
      timeline.args = { crs: unknownDatum, allowUnknownDatum: true };
      await timeline.sync(rowsOf([[500000, 5540000]]));
      expect(places()[0]!.longitude).to.be.closeTo(9, 0.01);
    });

    it("if it is given beside longitude and latitude, or is no text", async () => {
      timeline.args = { crs: "EPSG:25832", longitude: "x", latitude: "y" };
      expect((await timeline.run(rowsOf([[9, 50]]))).error?.code).to.equal("csv/options");
      timeline.args = { crs: 25832 };
      expect((await timeline.run(rowsOf([[9, 50]]))).error?.code).to.equal("csv/options");
    });
  });
});

/** An NTv2 grid for Germany that shifts everything by the same seconds; longitudes are positive to the west. */
function constantGrid(from: string, to: string, latitude: number, longitude: number): Buffer {
  const [south, north, east, west] = [47, 55, -15, -5].map((value) => value * 3600) as [number, number, number, number];
  const step = 3600;
  const nodes = ((north - south) / step + 1) * ((west - east) / step + 1);
  const records: [string, number | string, isInteger?: true][] = [
    ["NUM_OREC", 11, true], ["NUM_SREC", 11, true], ["NUM_FILE", 1, true], ["GS_TYPE", "SECONDS"], ["VERSION", "1"],
    ["SYSTEM_F", from], ["SYSTEM_T", to], ["MAJOR_F", 6377397.155], ["MINOR_F", 6356078.963], ["MAJOR_T", 6378137],
    ["MINOR_T", 6356752.314], ["SUB_NAME", "ALL"], ["PARENT", "NONE"], ["CREATED", "20240101"], ["UPDATED", "20240101"],
    ["S_LAT", south], ["N_LAT", north], ["E_LONG", east], ["W_LONG", west], ["LAT_INC", step], ["LONG_INC", step],
    ["GS_COUNT", nodes, true],
  ]; // prettier-ignore
  const bytes = Buffer.alloc(16 * (records.length + nodes));
  for (const [index, [name, value, isInteger]] of records.entries()) {
    bytes.write(name.padEnd(8), 16 * index, "latin1");
    if (typeof value === "string") bytes.write(value.padEnd(8), 16 * index + 8, "latin1");
    else if (isInteger === true) bytes.writeInt32LE(value, 16 * index + 8);
    else bytes.writeDoubleLE(value, 16 * index + 8);
  }
  for (let node = 0; node < nodes; node++) {
    bytes.writeFloatLE(latitude, 16 * (records.length + node));
    bytes.writeFloatLE(longitude, 16 * (records.length + node) + 4);
  }
  return bytes;
}
