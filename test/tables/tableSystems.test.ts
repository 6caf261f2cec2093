import { fileURLToPath } from "node:url";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { readIModel } from "../support/iModels.js";
import { TableTimeline } from "../support/TableTimeline.js";

const connector = fileURLToPath(new URL("../../connectors/json/src/index.ts", import.meta.url));

describe("Tables with coordinate systems of their own", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connector, "site.json")));

  const content = JSON.stringify({
    pumps: [{ id: "p", at: { east: 705928.9189, north: 5765288.2547, z: 1000 } }],
    tanks: [{ id: "t", at: { east: 301155.9393, north: 5770569.0034 } }],
    poles: [
      { id: "1", lon: 12.1, lat: 52.05 },
      { id: "2", lon: 12.2, lat: 95 },
    ],
  });
  const map = (crs: string) => ({ x: "at.east", y: "at.north", z: "at.z", units: "mm", crs });
  const mappingOf = (tanks: string) => ({
    schema: "Site",
    tables: {
      pumps: { class: "Pump", coordinates: map("EPSG:25832") },
      tanks: { class: "Tank", coordinates: { x: "at.east", y: "at.north", crs: tanks } },
      poles: { class: "Pole", coordinates: { longitude: "lon", latitude: "lat" } },
    },
  });

  function place(className: string): Point3d | undefined {
    const [row] = timeline.query(`SELECT Origin.X a, Origin.Y b, Origin.Z c FROM Site.${className}`);
    return row?.a === undefined ? undefined : Point3d.create(row.a as number, row.b as number, row.c as number);
  }

  it("stand at their places in one iModel, which has that of the first", async () => {
    timeline.args = { mapping: mappingOf("EPSG:25833") };
    const { issues } = await timeline.sync(content);
    expect(place("Pump")!.isAlmostEqual(Point3d.create(0, 0, 1), 1e-6)).to.equal(true);
    // Longitude 12, latitude 52 and longitude 12.1, latitude 52.05: 8835.465 m apart by PROJ.
    const [pump, tank] = readIModel(timeline.iModel, (imodel) =>
      [place("Pump")!, place("Tank")!].map((point) => imodel.spatialToEcef(point)),
    );
    expect(pump!.distance(tank!)).to.be.closeTo(8835.465, 0.2);
    expect(place("Pole")!.distance(place("Tank")!), "the same place").to.be.below(0.01);
    const issue = issues.find(({ code }) => code === "json/coordinate-out-of-range");
    expect(issue?.message).to.include("1 row: ").and.to.include("(lon 12.2, lat 95)");
  });

  it("move when the mapping changes, and no others do", async () => {
    timeline.args = { mapping: mappingOf("EPSG:25833") };
    await timeline.sync(content);
    const before = place("Tank")!;
    timeline.args = { mapping: mappingOf("EPSG:25832") };
    const { elements } = await timeline.sync(content);
    expect([elements.inserted, elements.updated, elements.deleted]).to.deep.equal([0, 1, 0]);
    expect(place("Tank")!.distance(before)).to.be.above(100_000);
  });
});
