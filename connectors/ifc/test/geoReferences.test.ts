import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { ConnectorError } from "itwin-connector-framework";
import { IfcModel } from "../src/model/IfcModel.js";
import { IfcSchema } from "../src/model/editions/IfcSchema.js";
import type { FilePlace } from "../src/place/FilePlace.js";
import { Locator, type LocatorOptions } from "../src/place/Locator.js";
import { StepFile } from "../src/step/StepFile.js";
import { onMap, placedFile } from "./placedFile.js";

const field = fileURLToPath(new URL("../../../../shared/field/ifc", import.meta.url));

interface Found {
  place: FilePlace | undefined;
  keys: string[];
  messages: string;
}

/** Where a file says that it is. */
function locate(text: string, options: LocatorOptions = {}): Found {
  const step = new StepFile(Buffer.from(text));
  const references = new IfcModel(step, IfcSchema.find(step.schema)!).geoReferences();
  const issues = references.issues.map(({ code, message }) => ({ key: code.replace("places/", ""), message }));
  const place = new Locator(references, options, (key, message) => issues.push({ key, message })).find();
  return { place, keys: issues.map(({ key }) => key), messages: issues.map(({ message }) => message).join("\n") };
}

/** The place with a system that must be known. */
function placeOf(text: string, options?: LocatorOptions): FilePlace {
  const { place, messages } = locate(text, options);
  if (place === undefined) throw new Error(`no place: ${messages}`);
  return place;
}

/** Longitude and latitude of a point of the file. */
function degreesAt(place: FilePlace, ...point: [number, number, number]): [number, number] {
  const position = place.toPosition(point);
  return place.system.transformation(position).toDegrees(position);
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  for (const [index, value] of expected.entries()) expect(actual[index]).to.be.closeTo(value, tolerance);
}

const utm = "458657.3,5438232.25,113.7,1.,0.,1.";
const point = [458657.3, 5438232.25, 113.7];
const origin = [0, 0, 0] as const;

describe("the place that an IFC file says", () => {
  it("is that of cs2cs, at the origin and at two neighbours", function () {
    if (spawnSync("cs2cs").error !== undefined) this.skip();
    const cases = [
      ["EPSG:25832", "458657.3,5438232.25"],
      ["EPSG:2154", "652000.,6862000."],
      ["EPSG:32756", "334000.,6252000."],
    ] as const;
    for (const [code, coordinates] of cases) {
      const [east, north] = coordinates.split(",").map(Number) as [number, number];
      const place = placeOf(placedFile({ lines: onMap(code, `${coordinates},0.,0.8,0.6,1.`) }));
      for (const [x, y] of [
        [0, 0],
        [100, 0],
        [0, 100],
      ] as const) {
        const input = `${east + 0.8 * x - 0.6 * y} ${north + 0.6 * x + 0.8 * y}\n`;
        const output = execFileSync("cs2cs", ["-f", "%.10f", code, "EPSG:4326"], { input }).toString();
        const [latitude, longitude] = output.trim().split(/\s+/).map(Number) as [number, number];
        expectNear(degreesAt(place, x, y, 0), [longitude, latitude], 1e-8);
      }
    }
  });

  it("comes from a code, a URN, a name, a compound name, or WKT", () => {
    const names = ["EPSG:25832", "urn:ogc:def:crs:EPSG::25832", "ETRS89 / UTM zone 32N", "EPSG:25832 - ETRS89", "EPSG:25832+7837", "ETRS_1989_UTM_Zone_32N"]; // prettier-ignore
    for (const name of names)
      expect(placeOf(placedFile({ lines: onMap(name, utm) })).system.code, name).to.equal(25832);
    const wkt = placedFile({
      schema: "IFC4X3",
      lines: [...onMap("Site grid", utm), "#33=IFCWELLKNOWNTEXT('EPSG:25833',#30);"],
    });
    expect(placeOf(wkt).system.code).to.equal(25833);
  });

  it("is helped by datum, projection and zone, and says so", () => {
    const { place, keys } = locate(placedFile({ lines: onMap("Baustelle", utm, "'ETRS89',$,'UTM','32N',#31") }));
    expect(place?.system.code).to.equal(25832);
    expect(keys).to.deep.equal(["guessed-crs"]);
    const south = locate(
      placedFile({ lines: onMap("WGS84", "334000.,6252000.,0.,1.,0.,1.", "'WGS84',$,'UTM','56S',#31") }),
    );
    expect(south.place?.system.code).to.equal(32756);
  });

  it("takes the scale in either reading, and for 1 beyond 2 %", () => {
    const scaleOf = (scale: string, prefix = "$") => {
      const { place, keys } = locate(placedFile({ prefix, lines: onMap("EPSG:25832", `458657.3,5438232.25,0.,1.,0.,${scale}`) })); // prettier-ignore
      return [place?.scale, keys.join()];
    };
    expect(scaleOf("0.001", ".MILLI.")).to.deep.equal([1, ""]);
    expect(scaleOf("1.", ".MILLI.")).to.deep.equal([1, ""]);
    expect(scaleOf("$", ".MILLI.")).to.deep.equal([1, ""]);
    expect(scaleOf("0.9996")).to.deep.equal([0.9996, ""]);
    expect(scaleOf("1.019")).to.deep.equal([1.019, ""]);
    expect(scaleOf("1.021")).to.deep.equal([1, "scale"]);
    expect(scaleOf("1000.", ".MILLI.")).to.deep.equal([1, "scale"]);
    expect(scaleOf("0.")).to.deep.equal([1, "scale"]);
    expect(scaleOf("-1.")).to.deep.equal([1, "scale"]);
  });

  it("multiplies the factors of IfcMapConversionScaled", () => {
    const scaled = (factors: string) =>
      locate(placedFile({ schema: "IFC4X3", prefix: ".MILLI.", lines: [onMap("EPSG:25832", "")[0]!, `#32=IFCMAPCONVERSIONSCALED(#10,#30,458657.3,5438232.25,0.,1.,0.,0.001,${factors});`] })); // prettier-ignore
    expect(scaled("0.9996,0.9996,1.").place?.scale).to.be.closeTo(0.9996, 1e-12);
    expect(scaled("0.9996,0.9996,1.").keys).to.deep.equal([]);
    expect(scaled("0.9996,0.9998,0.99").keys).to.deep.equal(["scale"]);
    expect(scaled("1.5,1.5,1.").keys).to.deep.equal(["scale"]);
  });

  it("has the geographic reference point at the WorldCoordinateSystem", () => {
    const place = placeOf(
      placedFile({ world: "1000.,2000.,30.", worldX: "0.,1.,0.", lines: onMap("EPSG:25832", utm) }),
    );
    expectNear(place.toMap([1000, 2000, 30]), point, 1e-9);
    // 10 m along the x axis of that system, which is the file's y, are 10 m east
    expectNear(place.toMap([1000, 2010, 30]), [point[0]! + 10, point[1]!, point[2]!], 1e-9);
  });

  it("takes the conversion of the context of the model, and names the others", () => {
    const lines = [
      "#40=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Plan',2,1.E-5,#11,$);",
      "#41=IFCMAPCONVERSION(#40,#30,500000.,5400000.,0.,1.,0.,1.);",
      ...onMap("EPSG:25832", utm),
    ];
    const { place, keys, messages } = locate(placedFile({ lines }));
    expectNear(place!.toMap(origin), point, 1e-9);
    expect(keys).to.deep.equal(["several"]);
    expect(messages).to.include("IfcMapConversion #41 (line ");
    const same = lines[1]!.replace("500000.,5400000.,0.,", "458657.3,5438232.25,113.7,");
    expect(locate(placedFile({ lines: [lines[0]!, same, ...lines.slice(2)] })).keys).to.deep.equal([]);
  });

  it("comes from IfcRigidOperation, by lengths and by angles", () => {
    const lengths = placedFile({ schema: "IFC4X3", lines: [onMap("EPSG:25832", "")[0]!, "#32=IFCRIGIDOPERATION(#10,#30,IFCLENGTHMEASURE(458657.3),IFCLENGTHMEASURE(5438232.25),113.7);"] }); // prettier-ignore
    expectNear(placeOf(lengths).toMap(origin), point, 1e-9);
    const crs = "#30=IFCGEOGRAPHICCRS('EPSG:4258',$,$,$,#35,$);";
    const degree = ["#33=IFCMEASUREWITHUNIT(IFCPLANEANGLEMEASURE(0.017453292519943295),#4);", "#34=IFCDIMENSIONALEXPONENTS(0,0,0,0,0,0,0);", "#35=IFCCONVERSIONBASEDUNIT(#34,.PLANEANGLEUNIT.,'DEGREE',#33);"]; // prettier-ignore
    const angles = placedFile({ schema: "IFC4X3", lines: [crs, ...degree, "#32=IFCRIGIDOPERATION(#10,#30,IFCPLANEANGLEMEASURE(8.5),IFCPLANEANGLEMEASURE(49.1),50.);"] }); // prettier-ignore
    const place = placeOf(angles);
    expectNear(degreesAt(place, 0, 0, 0), [8.5, 49.1], 1e-8);
    expectNear(degreesAt(place, 100, 0, 0), [8.5 + 100 / (111_412.8 * Math.cos((49.1 * Math.PI) / 180)), 49.1], 5e-6);
    expect(degreesAt(place, 0, 100, 0)[1]).to.be.closeTo(49.1 + 100 / 111_209, 1e-6);
    expect(place.toMap(origin)[2]).to.equal(50);
  });

  it("takes degrees for degrees, and never metres for degrees", () => {
    const degrees = locate(placedFile({ lines: onMap("EPSG:4326", "8.5,49.1,0.,1.,0.,1.") }));
    expect(degrees.keys).to.deep.equal(["degrees"]);
    expectNear(degreesAt(degrees.place!, 0, 0, 0), [8.5, 49.1], 1e-8);
    const site = { latitude: "(49,6,0)", longitude: "(8,30,0)" };
    for (const name of ["EPSG:4326", "WGS84", "NAD83"]) {
      const metres = locate(placedFile({ ...site, lines: onMap(name, utm) }));
      expect(metres.keys, name).to.deep.equal(["metres-for-degrees"]);
      expect(metres.messages).to.match(/IfcMapConversion #32 \(line \d+\).*458657\.3.*"crs"/);
      expectNear(degreesAt(metres.place!, 0, 0, 0), [8.5, 49.1], 1e-8);
    }
    expect(locate(placedFile({ lines: onMap("EPSG:4326", "0.,0.,0.,1.,0.,1.") })).keys).to.deep.equal(["zero"]);
  });

  it("comes from property sets in IFC2X3, with e and without", () => {
    for (const prefix of ["ePset_", "EPset_", "Pset_", ""]) {
      const lines = [
        `#200=IFCPROPERTYSET('E100000000000000000000',$,'${prefix}MapConversion',$,(#201,#202,#203,#204,#205));`,
        "#201=IFCPROPERTYSINGLEVALUE('Eastings',$,IFCLENGTHMEASURE(458657.3),$);",
        "#202=IFCPROPERTYSINGLEVALUE('Northings',$,IFCLABEL('5438232.25'),$);",
        "#203=IFCPROPERTYSINGLEVALUE('OrthogonalHeight',$,IFCLENGTHMEASURE(113.7),$);",
        "#204=IFCPROPERTYSINGLEVALUE('XAxisAbscissa',$,IFCREAL(0.),$);",
        "#205=IFCPROPERTYSINGLEVALUE('XAxisOrdinate',$,IFCREAL(1.),$);",
        `#210=IFCPROPERTYSET('E200000000000000000000',$,'${prefix}ProjectedCRS',$,(#211,#212));`,
        "#211=IFCPROPERTYSINGLEVALUE('Name',$,IFCLABEL('EPSG:25832'),$);",
        "#212=IFCPROPERTYSINGLEVALUE('MapUnit',$,IFCLABEL('METRE'),$);",
        "#220=IFCRELDEFINESBYPROPERTIES('E300000000000000000000',$,$,$,(#1),#200);",
        "#221=IFCRELDEFINESBYPROPERTIES('E400000000000000000000',$,$,$,(#20),#210);",
      ];
      const { place, keys } = locate(placedFile({ schema: "IFC2X3", prefix: ".MILLI.", lines }));
      expect(keys).to.deep.equal([]);
      expect(place?.system.code).to.equal(25832);
      expectNear(place!.toMap([10, 0, 0]), [point[0]!, point[1]! + 10, point[2]!], 1e-9);
    }
  });

  it("is that of the site where the system is not known, which is said with the way out", () => {
    const site = { latitude: "(49,6,0)", longitude: "(8,30,0)", site: "50.,60.,0.", trueNorth: "1.,0." };
    for (const [name, key] of [
      ["Local grid 7", "unknown-crs"],
      ['PROJCS["x",GEOGCS["y"', "damaged-crs"],
    ] as const) {
      const { place, keys, messages } = locate(placedFile({ ...site, lines: onMap(name, utm) }));
      expect(keys).to.deep.equal([key]);
      expect(messages).to.match(/IfcMapConversion #32 \(line \d+\).*IfcProjectedCRS #30 \(line \d+\).*"crs"/);
      expectNear(degreesAt(place!, 50, 60, 0), [8.5, 49.1], 1e-8);
      expect(degreesAt(place!, 150, 60, 0)[1], "x is north").to.be.closeTo(49.1 + 100 / 111_209, 1e-6);
    }
    expect(placeOf(placedFile({ ...site, lines: onMap("Local grid 7", utm) }), { crs: "EPSG:25832" }).system.code).to.equal(25832); // prettier-ignore
  });

  it("says what it cannot use", () => {
    const keysOf = (conversion: string) => locate(placedFile({ lines: onMap("EPSG:25832", conversion) })).keys;
    expect(keysOf("458657.3,5438232.25,0.,0.,0.,1.")).to.deep.equal(["x-axis"]);
    expect(keysOf("$,5438232.25,0.,1.,0.,1.")).to.deep.equal(["no-coordinates"]);
    expect(keysOf("1.E30,5438232.25,0.,1.,0.,1.")).to.deep.equal(["out-of-range"]);
    expect(locate(placedFile({ latitude: "(200,0,0)", longitude: "(8,0,0)" })).keys).to.deep.equal(["site"]);
    expect(locate(placedFile({ latitude: "(0,0,0)", longitude: "(0,0,0)" })).keys).to.deep.equal(["site"]);
    expect(locate(placedFile({ latitude: "(49,0,0)" })).messages).to.match(/IfcSite #20 \(line \d+\)/);
    expect(locate(placedFile({ lines: ["#32=IFCMAPCONVERSION(#10,#999,1.,2.,0.,1.,0.,1.);"] })).keys).to.deep.equal(["no-crs"]); // prettier-ignore
    expect(locate(placedFile({ lines: onMap("EPSG:3857", "940000.,6290000.,0.,1.,0.,1.") })).keys).to.deep.equal(["distorted"]); // prettier-ignore
    expect(locate(placedFile({ latitude: "(49,6,0)", longitude: "(8,30,0)" }), { crs: "EPSG:25832" }).keys).to.deep.equal(["crs-unused"]); // prettier-ignore
    expect(() => locate(placedFile(), { crs: "Nowhere 7" })).to.throw().with.property("code", "places/unknown-crs" satisfies ConnectorError["code"]); // prettier-ignore
  });

  it("takes the unit of the system for a map without one, where only that lies in its area", () => {
    const text = placedFile({ prefix: ".MILLI.", lines: onMap("EPSG:25832", utm, "$,$,$,$,$") });
    const { place, keys } = locate(text);
    expectNear(place!.toMap(origin), point, 1e-9);
    expect(keys).to.deep.equal(["map-unit"]);
    const millimetres = onMap("EPSG:25832", "458657300.,5438232250.,113700.,1.,0.,1.", "$,$,$,$,$");
    const { place: same, keys: none } = locate(placedFile({ prefix: ".MILLI.", lines: millimetres }));
    expectNear(same!.toMap(origin), point, 1e-6);
    expect(none).to.deep.equal([]);
  });

  it("says what heights are above", () => {
    const place = placeOf(placedFile({ lines: onMap("EPSG:25832", utm, "'ETRS89','DHHN2016',$,$,#31") }));
    expect(place.notes.map(({ key }) => key)).to.deep.equal(["heights"]);
    expect(place.notes[0]!.message).to.include("DHHN2016");
  });

  it(`is right in the cases of ${field} (skipped without it)`, function () {
    if (!existsSync(field)) this.skip();
    const of = (name: string) => locate(readFileSync(`${field}/${name}/m.ifc`, "utf8"));
    for (const [name, code] of [
      ["geo-fixed-1", 25832],
      ["geo-fixed-2", 25832],
      ["crs-name", 25832],
      ["crs-3006", 3006],
      ["crs-3857", 3857],
      ["epset", 25832],
    ] as const)
      // prettier-ignore
      expect(of(name).place?.system.code, name).to.equal(code);
    expectNear(of("epset").place!.toMap(origin), [458657.3, 5438232.25], 1e-9);
    for (const name of ["crs-wgs84", "crs-4326", "crs-4269"])
      expect(of(name).keys, name).to.deep.equal(["metres-for-degrees"]);
    for (const name of ["scale-0_001", "scale-1_", "scale-_"]) {
      const { place, keys } = of(name);
      expect([place?.scale, ...keys], name).to.deep.equal([1]);
    }
    expect(of("scale-1000_").keys).to.deep.equal(["scale"]);
    expect(of("scale-1000_").place?.scale).to.equal(1);
  });
});
