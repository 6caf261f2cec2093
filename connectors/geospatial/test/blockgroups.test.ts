import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import proj4 from "proj4";
import { read } from "shapefile";
import { ShapefileTimeline, sharedData } from "./support.js";

type Ring = number[][];
interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates: Ring[] | Ring[][] };
}

describe(`blockgroups.shp (skipped without ${sharedData})`, () => {
  let timeline: ShapefileTimeline;
  let features: Feature[];
  before(async function () {
    if (!existsSync(sharedData)) this.skip();
    ({ features } = (await read(join(sharedData, "blockgroups.shp"))) as unknown as { features: Feature[] });
  });
  beforeEach(() => {
    timeline = new ShapefileTimeline();
    timeline.copy(...["shx", "dbf", "shp"].map((extension) => join(sharedData, `blockgroups.${extension}`)));
  });
  const byRecord = () =>
    timeline.draw("GeoBlockgroups.Blockgroups").sort((left, right) => Number(left.label) - Number(right.label));

  it("is refused without a coordinate system, and told which one it may be", async () => {
    const error = await timeline.refusal();
    expect(error.code).to.equal("geospatial/no-crs");
    expect(error.advice).to.contain('"crs": "EPSG:4326"');
  });

  it("has an element for each record, with all attributes and its area on the Earth", async () => {
    timeline.args = { crs: "EPSG:4326" };
    expect(await timeline.sync()).to.deep.equal([features.length, 0, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    const found = timeline.query("SELECT * FROM GeoBlockgroups.Blockgroups");
    expect(found).to.have.length(663);
    for (const row of found) {
      const { properties } = features[Number(row.userLabel) - 1]!;
      for (const [name, value] of Object.entries(properties))
        expect(row[name.charAt(0).toLowerCase() + name.slice(1)], name).to.equal(value);
    }
    expectAreas(byRecord(), features, equalArea);
  });

  it("keeps the numbers of the file where they are nowhere on the Earth", async () => {
    timeline.args = { crs: "local", units: "km" };
    await timeline.sync();
    expectAreas(byRecord(), features, ([x, y]) => [x! * 1000, y! * 1000]);
  });
});

/** The areas of elements are those computed from the file, to a millionth. */
function expectAreas(drawn: { area: number }[], features: Feature[], project: (position: number[]) => number[]): void {
  expect(drawn).to.have.length(features.length);
  features.forEach(({ geometry: { type, coordinates } }, index) => {
    const polygons = (type === "Polygon" ? [coordinates] : coordinates) as Ring[][];
    const expected = Math.abs(polygons.flat().reduce((sum, ring) => sum + signedArea(ring.map(project)), 0));
    expect(drawn[index]!.area / expected, `record ${index + 1}`).to.be.closeTo(1, 1e-6);
  });
}

function signedArea(ring: Ring): number {
  const [x0, y0] = ring[0] as [number, number];
  let sum = 0;
  for (let index = 0; index + 1 < ring.length; index++)
    sum +=
      (ring[index]![0]! - x0) * (ring[index + 1]![1]! - y0) - (ring[index + 1]![0]! - x0) * (ring[index]![1]! - y0);
  return sum / 2;
}

/**
 * Metres in another equal-area projection than the connector's: Albers'. A cylindrical one would not do, because the
 * edges that are straight in it are other ones: it differs by a hundred-thousandth for a triangle of a kilometre.
 */
const albers = proj4(
  "WGS84",
  "+proj=aea +lat_1=37.70 +lat_2=37.82 +lat_0=37.76 +lon_0=-122.42 +x_0=0 +y_0=0 +datum=WGS84",
);

function equalArea([longitude, latitude]: number[]): number[] {
  return albers.forward<[number, number]>([longitude!, latitude!]);
}
