import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { Timeline, useFolder, useHost } from "./support.js";

describe("positions that look wrong", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  interface Found {
    codes: string[];
    messages: string;
    /** The labels of the elements that have a place. */
    placed: string;
  }

  async function sync(content: string, args: unknown = {}): Promise<Found> {
    timeline.args = args;
    const { issues } = await timeline.sync(content);
    const placed = timeline.query(
      "SELECT p.UserLabel FROM CsvParts.Parts p WHERE p.Origin IS NOT NULL ORDER BY p.UserLabel",
    );
    return {
      codes: issues.map(({ code }) => code).filter((code) => code !== "places/accuracy"),
      messages: issues.map(({ message }) => message).join("\n"),
      placed: placed.map(({ userLabel }) => userLabel).join(" "),
    };
  }

  const berlin = "a,13.41,52.51\nb,13.42,52.52\nc,13.43,52.53\n";

  describe("out of range", () => {
    it("are named by row, up to three of them, and their elements have no place", async () => {
      const rows = "d,13.4,152\ne,-181,52\nf,361,5\ng,400,95\n";
      const { codes, messages, placed } = await sync(`id,lon,lat\n${berlin}${rows}`);
      expect(codes).to.deep.equal(["csv/coordinate-out-of-range"]);
      expect(messages).to.include("4 rows: line 5 (lon 13.4, lat 152), line 6 (lon -181, lat 52), line 7 (lon 361");
      expect(messages).to.not.include("line 8");
      expect(placed).to.equal("a b c");
    });

    it("do not include longitudes up to 360 degrees to the east", async () => {
      expect((await sync("id,lon,lat\n1,190,5\n2,-170,5\n")).codes).to.deep.equal([]);
      const [first, second] = timeline.query("SELECT Origin.X x0, Origin.Y y0, Origin.Z z0 FROM CsvParts.Parts");
      const pointOf = (row: Record<string, unknown> | undefined) =>
        Point3d.create(row?.x0 as number, row?.y0 as number, row?.z0 as number);
      expect(pointOf(first).distance(pointOf(second))).to.be.below(1e-6);
    });

    it("in metres are reported as such", async () => {
      const { codes, messages, placed } = await sync(`id,lon,lat\n${berlin}d,392000.5,5820000\n`);
      expect(codes).to.deep.equal(["csv/metres-not-degrees"]);
      expect(messages).to.include("line 5 (lon 392000.5, lat 5820000)").and.include('"crs"');
      expect(placed).to.equal("a b c");
    });

    it("end the run if not one row has a place, with what helps", async () => {
      const errorOf = async (content: string) => (await timeline.run(content)).error;
      const metres = await errorOf("id,lon,lat\n1,392000,5820000\n2,392001,5820001\n");
      expect(metres?.code).to.equal("csv/coordinate-out-of-range");
      expect(metres?.message).to.include("line 3 (lon 392001, lat 5820001)");
      expect(metres?.advice).to.include("look like metres").and.include('"x" and "y"');
      const swapped = await errorOf("id,lon,lat\n1,-33.8,151.2\n2,-33.9,151.3\n");
      expect(swapped?.advice).to.include("swapped").and.include('"longitude": "lat", "latitude": "lon"');
    });

    it("of a coordinate system are named by row too, and a text is refused", async () => {
      const { codes, placed } = await sync("id,x,y\na,13.4,52.5\nb,13.4,95\n", { crs: "EPSG:4258" });
      expect([codes, placed]).to.deep.equal([["csv/coordinate-out-of-range"], "a"]);
      const { error } = await timeline.run("id,x,y\na,13.4,52.5\nb,far,52\n");
      expect([error?.code, error?.source?.line, error?.source?.cell]).to.deep.equal(["csv/not-a-number", 3, "x"]);
    });
  });

  describe("with longitude and latitude swapped", () => {
    it("are noticed where they cannot be otherwise", async () => {
      const { codes, placed } = await sync("id,lon,lat\na,151.2,-33.8\nb,151.3,-33.9\nc,-33.7,151.25\n");
      expect([codes, placed]).to.deep.equal([["csv/swapped-coordinates"], "a b"]);
    });

    it("are not suspected where they would lie elsewhere", async () =>
      expect((await sync(`id,lon,lat\n${berlin}d,13.4,95\n`)).codes).to.deep.equal(["csv/coordinate-out-of-range"]));

    it("are noticed where others are right", async () => {
      const { codes, messages, placed } = await sync(`id,lon,lat\n${berlin}d,52.5,13.4\n`);
      expect(codes).to.deep.equal(["csv/swapped-coordinates"]);
      expect(messages).to.include("1 row: line 5 (lon 52.5, lat 13.4)");
      expect(placed).to.equal("a b c d");
    });

    it("are noticed where the iModel's contents are elsewhere", async () => {
      expect((await sync(`id,lon,lat\n${berlin}`)).codes).to.deep.equal([]);
      const { codes, messages } = await sync("id,lon,lat\na,52.51,13.41\nb,52.52,13.42\n");
      expect(codes).to.deep.equal(["csv/swapped-coordinates"]);
      expect(messages).to.include("line 2 (lon 52.51, lat 13.41)").and.include('"longitude": "lat"');
    });

    it("are noticed where they take the iModel along, as its only document", async () => {
      await sync("id,x,y\na,392000,5820000\n", { crs: "EPSG:25833" });
      timeline.args = { crs: "EPSG:4326" };
      const { error, issues } = await timeline.run("id,x,y\na,52.51,13.31\n");
      expect(error).to.equal(undefined);
      expect(issues.map(({ code }) => code)).to.deep.equal(["csv/swapped-coordinates"]);
    });

    const right: Record<string, string> = {
      "in columns the other way round": "id,lat,lon,height,name\nP-1,52.5,13.4,30,a\nP-2,52.6,13.5,,b\nP-3,,,,c\n",
      "all over the world":
        "id,lon,lat\n1,13.4,52.5\n2,151.2,-33.8\n3,-74,40.7\n4,36.8,-1.3\n5,52.5,13.4\n6,-0.1,51.5\n",
      "in two places": `id,lon,lat\n${berlin}d,36.8,-1.3\n`,
      "where both are about the same": "id,lon,lat\n1,30,31\n2,31,30\n3,30.5,30.4\n4,29,31\n5,31.2,31\n",
      "at both sides of the antimeridian": "id,lon,lat\n1,179.9,52\n2,-179.9,52\n3,179.8,52\n4,179.7,52\n",
    };
    for (const [title, content] of Object.entries(right))
      it(`are not suspected ${title}`, async () => expect((await sync(content)).codes).to.deep.equal([]));
  });

  describe("in degrees instead of metres", () => {
    const degrees = "id,x,y\na,13.405123,52.520011\nb,13.41,52.5\n";

    it("are noticed in a projected system", async () => {
      const { codes, messages } = await sync(degrees, { crs: "EPSG:25833" });
      expect(codes).to.deep.equal(["csv/degrees-not-metres", "places/outside-area"]);
      expect(messages).to.include("line 2 (x 13.405123, y 52.520011)").and.include("EPSG:4326");
    });

    it("are noticed in one for the whole world", async () =>
      expect((await sync(degrees, { crs: "EPSG:3857" })).codes).to.deep.equal(["csv/degrees-not-metres"]));

    it("are noticed by the names of their columns", async () =>
      expect((await sync("id,lon,lat\na,13.4,52.5\n", { x: "lon", y: "lat" })).codes).to.deep.equal([
        "csv/degrees-not-metres",
      ]));

    it("are not suspected in coordinates of the iModel", async () =>
      expect((await sync(degrees)).codes).to.deep.equal([]));

    it("are not suspected at the origin of a system without an area", async () => {
      const crs = "+proj=tmerc +lat_0=52.5 +lon_0=13.4 +datum=WGS84 +units=m";
      expect((await sync(degrees, { crs })).codes).to.deep.equal([]);
    });

    it("are not suspected in metres under names of degrees", async () =>
      expect(
        (await sync("id,lon,lat\na,392000.5,5820000\n", { x: "lon", y: "lat", crs: "EPSG:25833" })).codes,
      ).to.deep.equal([]));
  });

  describe("outside of the area of their coordinate system", () => {
    it("are reported if all are", async () => {
      const { codes, messages } = await sync("id,x,y\na,500000,100\n", { crs: "EPSG:25832" });
      expect(codes).to.deep.equal(["places/outside-area"]);
      expect(messages).to.include("ETRS89 / UTM zone 32N");
    });

    it("are named by row if others are inside, and do not move these", async () => {
      const { codes, messages } = await sync("id,x,y\na,500000,5540000\nb,0,0\n", { crs: "EPSG:25832" });
      expect(codes).to.deep.equal(["places/outside-area"]);
      expect(messages).to.include("1 row: line 3 (x 0, y 0)");
      const [first] = timeline.query("SELECT Origin.X x0, Origin.Y y0 FROM CsvParts.Parts WHERE UserLabel='a'");
      expect(first).to.deep.equal({ x0: 0, y0: 0 });
    });
  });
});
