import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { SourceErrors, type TableDocument } from "itwin-connector-framework/tables";
import { temporaryFolder } from "../../../test/support/temporary.js";
import type { KnownFeatures } from "../src/geojson/FeatureSurvey.js";
import { openGeoJson } from "../src/geojson/openGeoJson.js";
import { featureLists } from "../src/source/Feature.js";
import type { GeospatialOptions } from "../src/source/geospatialOptions.js";
import { LeftOut } from "../src/source/leftOut.js";
import { ShapefileTimeline } from "./support.js";

const feature = (id: unknown, east: number, properties: object) => ({ type: "Feature", id, properties, geometry: { type: "Point", coordinates: [east, 48] } }); // prettier-ignore

const collection = (...features: object[]) => JSON.stringify({ type: "FeatureCollection", features });

/** A GeoJSON file, with how often it is read and what is reported. */
class Sites {
  public passes = 0;
  public readonly reports: string[] = [];
  private readonly _path = join(temporaryFolder(), "sites.geojson");

  public write(features: object[], more: object = {}): void {
    writeFileSync(this._path, JSON.stringify({ type: "FeatureCollection", features, ...more }));
  }

  /** Opens it, reads it once, and tells what is known then. */
  public async read(known?: KnownFeatures) {
    const document = {
      path: this._path,
      options: {},
      errors: new SourceErrors("geospatial", this._path),
      onProgress: (done: number, total: number) => (this.passes += done === total ? 1 : 0),
    };
    const leftOut = new LeftOut(({ what }) => this.reports.push(what));
    const report = (key: string) => this.reports.push(key);
    const source = await openGeoJson(document as unknown as TableDocument<GeospatialOptions>, { leftOut, report, known }); // prettier-ignore
    const ids: unknown[] = [];
    for await (const features of featureLists(source)) for (const { id, cells } of features) ids.push([id, ...cells]);
    const { names, hasIds, range, crs = "" } = source;
    return { ids, known: { names: [...names], hasIds, crs, corners: range.corners } };
  }
}

function onOutdated(): never {
  throw new Error("outdated");
}

describe("A GeoJSON file whose attributes are known from an earlier run", () => {
  const first = [feature("a", 10, { n: 1 }), feature("b", 12, { m: 2 })];

  it("is read once, with the same result and the same reports", async () => {
    const sites = new Sites();
    const odd = [{ type: "Point", coordinates: [11, 48] }, ...first];
    sites.write(odd, { style: "x" });
    const { known, ids } = await sites.read();
    const reports = [...sites.reports];
    expect(reports).to.have.members(["member of the collection", "bare-geometry", "geometry in the place of features"]);
    [sites.passes, sites.reports.length] = [0, 0];
    const again = await sites.read({ ...known, onOutdated });
    expect(again).to.deep.equal({ ids, known });
    expect(sites.reports).to.have.members(reports);
    expect(sites.passes, "the beginning of the file, and all of it").to.equal(2);
  });

  const others: Record<string, [features: object[], more?: object]> = {
    "a new attribute": [[...first, feature("c", 11, { late: 1 })]],
    "a feature without identifier": [[...first, feature(null, 11, { n: 1 })]],
    "an attribute that is gone": [first.slice(1)],
    "a position to the east": [[...first, feature("c", 12.1, {})]],
    "a position on the other side of the meridian": [[...first, feature("c", -11, {})]],
    "another coordinate system": [first, { crs: { type: "name", properties: { name: "EPSG:4258" } } }],
  }; // prettier-ignore
  for (const [title, [features, more]] of Object.entries(others))
    it(`tells of what is new: ${title}`, async () => {
      const sites = new Sites();
      sites.write(first);
      const { known } = await sites.read();
      sites.write(features, more);
      const message = await sites.read({ ...known, onOutdated }).then(() => "none", (error: unknown) => String(error)); // prettier-ignore
      expect(message).to.contain("outdated");
    });

  it("may have fewer features", async () => {
    const sites = new Sites();
    sites.write([...first, feature("c", 11, { n: 1, m: 2 })]);
    const { known } = await sites.read();
    sites.write([first[1]!, feature("c", 11, { n: null })]);
    expect((await sites.read({ ...known, onOutdated })).ids).to.deep.equal([["b", undefined, 2], ["c", null, undefined]]); // prettier-ignore
  });

  it("tells that all features have an identifier now", async () => {
    const sites = new Sites();
    sites.write([first[0]!, feature(undefined, 12, { m: 2 })]);
    const { known } = await sites.read();
    sites.write(first);
    const message = await sites.read({ ...known, onOutdated }).then(() => "none", (error: unknown) => String(error)); // prettier-ignore
    expect(message).to.contain("outdated");
  });
});

describe("A GeoJSON file that changes between runs", () => {
  it("comes under the identifiers of its features once all have one", async () => {
    const timeline = new ShapefileTimeline("sites.geojson");
    await timeline.sync(collection(feature("a", 10, { n: 1 }), feature(undefined, 12, { n: 2 })));
    expect(await timeline.sync(collection(feature("a", 10, { n: 1 }), feature("b", 12, { n: 2 })))).to.deep.equal([2, 0, 2]); // prettier-ignore
    expect(timeline.query("SELECT UserLabel FROM GeoSites.Sites ORDER BY UserLabel")).to.deep.equal([{ userLabel: "a" }, { userLabel: "b" }]); // prettier-ignore
  });

  it("comes by the numbers of its features once none has the attribute of the identifiers", async () => {
    const timeline = new ShapefileTimeline("sites.geojson");
    await timeline.sync(collection(feature(undefined, 10, { id: "x", n: 1 })));
    expect(await timeline.sync(collection(feature(undefined, 10, { n: 1 })))).to.deep.equal([1, 0, 1]);
  });
});
