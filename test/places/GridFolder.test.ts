import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoordinateSystem, GridFolder } from "../../src/places/index.js";
import { temporaryFolder } from "../support/temporary.js";
import { cs2cs, hasCs2cs, metresBetween } from "./support/cs2cs.js";
import { writeGrid, type GridShape } from "./support/writeGrid.js";

const germany = { west: 8, south: 49, step: 0.5, columns: 7, rows: 7 };
const constant: GridShape = { ...germany, shift: () => [-4, 3] };
const sloped: GridShape = { ...germany, shift: (longitude, latitude) => [latitude - 54, 13 - longitude * 0.7] };

const inside: readonly [number, number][] = [
  [9.3, 50.2],
  [8.01, 49.01],
  [10.99, 51.999],
  [9.77, 51.31],
];

describe("GridFolder", () => {
  for (const [kind, shape] of Object.entries({ constant, sloped }))
    it(`shifts by a ${kind} grid as PROJ does, and back`, function () {
      if (!hasCs2cs()) this.skip();
      const path = join(temporaryFolder(), "own.gsb");
      writeGrid(path, "OWN", shape);
      const system = CoordinateSystem.read("+proj=longlat +ellps=bessel +nadgrids=own.gsb", {
        grids: new GridFolder(join(path, "..")),
      });
      const transformation = system.transformation(...inside);
      const expected = cs2cs(`+proj=longlat +ellps=bessel +nadgrids=${path}`, "+proj=longlat +datum=WGS84", inside); // prettier-ignore
      for (const [index, point] of inside.entries()) {
        const place = transformation.toDegrees(point);
        expect(metresBetween(place, expected[index]!), String(point)).to.be.below(0.001);
        expect(metresBetween(transformation.fromDegrees(place), point), `${point.join()} back`).to.be.below(1e-5);
      }
      expect(transformation.shift).to.equal("the grid own.gsb");
    });

  it("prefers the grid within a grid", () => {
    const folder = temporaryFolder();
    const inner = { name: "INNER", parent: "ALL", west: 9, south: 50, step: 0.1, columns: 6, rows: 6 };
    writeGrid(join(folder, "own.gsb"), "OWN", constant, { ...inner, shift: () => [-5, 3] });
    const system = CoordinateSystem.read("+proj=longlat +ellps=bessel +nadgrids=own.gsb", {
      grids: new GridFolder(folder),
    });
    const transformation = system.transformation([9.2, 50.2]);
    expect(transformation.toDegrees([9.2, 50.2])[1]).to.be.closeTo(50.2 - 5 / 3600, 1e-9);
    expect(transformation.toDegrees([10.2, 50.2])[1]).to.be.closeTo(50.2 - 4 / 3600, 1e-9);
  });

  it("finds a grid by its published file name, and by the names in its header", () => {
    for (const [file, from] of [
      ["beta2007.gsb", "?"],
      ["my.gsb", "DHDN90"],
    ] as const) {
      // prettier-ignore
      const folder = temporaryFolder();
      writeGrid(join(folder, file), from, constant);
      const system = CoordinateSystem.read("EPSG:4314", { grids: new GridFolder(folder) });
      expect(system.transformation([9, 50]).shift).to.equal(`the grid ${file}`);
    }
  });

  it("takes no grid for a place outside of it, nor one of another datum", () => {
    const folder = temporaryFolder();
    writeGrid(join(folder, "my.gsb"), "DHDN90", constant);
    const grids = new GridFolder(folder);
    expect(CoordinateSystem.read("EPSG:4314", { grids }).transformation([13, 53]).shift).to.match(/^EPSG:/);
    expect(CoordinateSystem.read("EPSG:4312", { grids }).transformation([11, 49.5]).shift).to.match(/^EPSG:/);
  });

  it("shifts points outside of the grid by parameters, and says so", () => {
    const folder = temporaryFolder();
    writeGrid(join(folder, "beta2007.gsb"), "DHDN90", constant);
    const transformation = CoordinateSystem.read("EPSG:4314", { grids: new GridFolder(folder) }).transformation([
      9, 50,
    ]);
    expect(transformation.notes.map(({ key }) => key)).to.not.include("outside-grid");
    const byParameters = CoordinateSystem.read("EPSG:4314").transformation([9, 50]).toDegrees([13, 53]);
    expect(transformation.toDegrees([13, 53])).to.deep.equal(byParameters);
    expect(transformation.notes.map(({ key }) => key)).to.include("outside-grid");
  });

  it("names the grid that would help", () => {
    const { notes } = CoordinateSystem.read("EPSG:31467").transformation([3513000, 5540000]);
    expect(notes.find(({ key }) => key === "accuracy")?.message).to.include("beta2007.gsb");
  });

  it("reads a file that was changed since another folder read it", () => {
    const folder = temporaryFolder();
    const latitudeBy = (north: number) => {
      writeGrid(join(folder, "beta2007.gsb"), "DHDN90", { ...constant, shift: () => [north, 0] });
      const grids = new GridFolder(folder);
      return CoordinateSystem.read("EPSG:4314", { grids }).transformation([9, 50]).toDegrees([9, 50])[1];
    };
    expect(latitudeBy(-4)).to.be.closeTo(50 - 4 / 3600, 1e-9);
    expect(latitudeBy(-8)).to.be.closeTo(50 - 8 / 3600, 1e-9);
  });

  it("refuses a folder that is not there", () => {
    expect(() => new GridFolder(join(temporaryFolder(), "none")))
      .to.throw()
      .with.property("code", "places/no-grids");
  });

  it("refuses a grid that is damaged or cut off anywhere", () => {
    const folder = temporaryFolder();
    const path = join(folder, "own.gsb");
    writeGrid(path, "OWN", constant);
    const whole = readFileSync(path);
    for (const length of [0, 5, 16, 170, 180, 350, 360, whole.length - 20]) {
      writeFileSync(path, whole.subarray(0, length));
      const code = expect(() => new GridFolder(folder), `${length} bytes`).to.throw();
      code.with.property("code", "places/damaged-grid");
    }
    writeFileSync(path, Buffer.from(whole).fill(7, 176, 352));
    expect(() => new GridFolder(folder))
      .to.throw(path)
      .with.property("code", "places/damaged-grid");
  });
});
