import { expect } from "chai";
import { CoordinateSystem } from "../../src/places/index.js";
import { metresBetween } from "./support/cs2cs.js";

const etrs = 'GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'; // prettier-ignore
const utmParameters = 'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0]'; // prettier-ignore
const utm = `PROJCS["ETRS89 / UTM zone 32N",${etrs},${utmParameters},UNIT["metre",1],AUTHORITY["EPSG","25832"]]`;
const esri = 'PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'; // prettier-ignore
const wkt2 = 'PROJCRS["ETRS89 / UTM zone 32N",BASEGEOGCRS["ETRS89",DATUM["European Terrestrial Reference System 1989",ELLIPSOID["GRS 1980",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]]],CONVERSION["UTM zone 32N",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["Longitude of natural origin",9,ANGLEUNIT["degree",0.0174532925199433]],PARAMETER["Scale factor at natural origin",0.9996,SCALEUNIT["unity",1]],PARAMETER["False easting",500000,LENGTHUNIT["metre",1]],PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],LENGTHUNIT["metre",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["metre",1]],ID["EPSG",25832]]'; // prettier-ignore
const json = JSON.stringify({
  type: "ProjectedCRS",
  name: "ETRS89 / UTM zone 32N",
  base_crs: {
    name: "ETRS89",
    datum: {
      type: "GeodeticReferenceFrame",
      name: "European Terrestrial Reference System 1989",
      ellipsoid: { name: "GRS 1980", semi_major_axis: 6378137, inverse_flattening: 298.257222101 },
    },
  },
  conversion: {
    name: "UTM zone 32N",
    method: { name: "Transverse Mercator" },
    parameters: [
      { name: "Latitude of natural origin", value: 0, unit: "degree" },
      { name: "Longitude of natural origin", value: 9, unit: "degree" },
      { name: "Scale factor at natural origin", value: 0.9996, unit: "unity" },
      { name: "False easting", value: 500, unit: { type: "LinearUnit", name: "kilometre", conversion_factor: 1000 } },
      { name: "False northing", value: 0, unit: "metre" },
    ],
  },
  coordinate_system: {
    subtype: "Cartesian",
    axis: [
      { name: "Easting", abbreviation: "E", direction: "east", unit: "metre" },
      { name: "Northing", abbreviation: "N", direction: "north", unit: "metre" },
    ],
  },
});

const bessel = 'GEOGCS["mine",DATUM["Somebody_1900",SPHEROID["Bessel 1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'; // prettier-ignore

function place(text: string, point: [number, number], allowUnknownDatum = false): [number, number] {
  return CoordinateSystem.read(text, { allowUnknownDatum }).transformation(point).toDegrees(point);
}

function codeOf(text: string): string {
  try {
    CoordinateSystem.read(text);
    return "read";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("CoordinateSystem", () => {
  const forms = {
    "an EPSG code": "EPSG:25832",
    "a number": "25832",
    "a URN": "urn:ogc:def:crs:EPSG::25832",
    "a URN with a version": "urn:ogc:def:crs:EPSG:9.9:25832",
    "an address": "http://www.opengis.net/def/crs/EPSG/0/25832",
    "a name": "ETRS89 / UTM zone 32N",
    "a name of Esri": "ETRS_1989_UTM_Zone_32N",
    "WKT 1 of OGC": utm,
    "WKT 1 of Esri": esri,
    "WKT 1 with parentheses and small letters": utm.replaceAll("[", "(").replaceAll("]", ")").replace(/[A-Z]+(?=\()/g, (word) => word.toLowerCase()), // prettier-ignore
    "WKT 2": wkt2,
    PROJJSON: json,
  };
  for (const [form, text] of Object.entries(forms))
    it(`reads ${form}`, () => {
      const system = CoordinateSystem.read(text);
      expect(system.code).to.equal(25832);
      expect(system.notes).to.deep.equal([]);
      const [longitude, latitude] = place(text, [691_875.632, 5_334_812.353]); // by PROJ
      expect(longitude).to.be.closeTo(11.579_174_962, 2e-9);
      expect(latitude).to.be.closeTo(48.137_608_371, 2e-9);
    });

  it("reads a text for PROJ as the same place", () => {
    const text = "+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs";
    expect(metresBetween(place(text, [691_875, 5_334_812]), place("EPSG:25832", [691_875, 5_334_812]))).to.be.below(
      0.001,
    );
    expect(place("+proj=utm +zone=32 +ellps=GRS80 +units=km", [691.875, 5334.812])[0]).to.be.closeTo(11.579_166, 1e-6);
  });

  it("takes what a text describes, not the code of another system", () => {
    const system = CoordinateSystem.read(utm.replace('"central_meridian",9', '"central_meridian",15'));
    expect(system.code).to.equal(undefined);
    expect(system.notes.map(({ key }) => key)).to.deep.equal(["other-code"]);
    expect(system.transformation([500_000, 5e6]).toDegrees([500_000, 5e6])[0]).to.be.closeTo(15, 1e-9);
  });

  it("tells systems with other datums, units, meridians and axes apart", () => {
    const texts = ["EPSG:25832", "EPSG:23032", "EPSG:32632", "EPSG:27572", "EPSG:2154", "EPSG:2053", utm.replace('"metre",1', '"foot",0.3048')]; // prettier-ignore
    const keys = texts.map((text) => CoordinateSystem.read(text).key);
    expect(new Set(keys).size).to.equal(texts.length);
    expect(CoordinateSystem.read(forms["WKT 2"]).key).to.equal(CoordinateSystem.read("EPSG:25832").key);
  });

  it("refuses a datum that is not known, unless it may go on", () => {
    expect(codeOf(bessel)).to.equal("places/unknown-datum");
    const system = CoordinateSystem.read(bessel, { allowUnknownDatum: true });
    expect(system.notes.map(({ key }) => key)).to.deep.equal(["unknown-datum"]);
    expect(codeOf(bessel.replace("Somebody_1900", "D_European_1950"))).to.equal("places/unknown-datum"); // its ellipsoid is another
  });

  it("knows a datum by the projection where the text does not name it", () => {
    const rd = "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel +units=m"; // prettier-ignore
    const [longitude, latitude] = place(rd, [155_000, 463_000]);
    expect(longitude).to.be.closeTo(5.387_206, 2e-5); // Amersfoort in WGS 84
    expect(latitude).to.be.closeTo(52.155_174, 2e-5);
  });

  it("notes the parameters that a text lacks", () => {
    const { notes } = CoordinateSystem.read(esri.replace('PARAMETER["Latitude_Of_Origin",0.0],', ""));
    expect(notes.map(({ key }) => key)).to.deep.equal(["missing-parameter"]);
    expect(notes[0]?.message).to.include("latitude_of_origin");
  });

  it("reads heights, and never mixes up those above the sea and above the ellipsoid", () => {
    const sea = `${esri},VERTCS["NAVD_1988_Foot_US",VDATUM["North_American_Vertical_Datum_1988"],PARAMETER["Vertical_Shift",0.0],PARAMETER["Direction",-1.0],UNIT["Foot_US",0.3048006096012192]]`; // prettier-ignore
    const down = CoordinateSystem.read(sea).vertical;
    expect([down?.isDown, down?.isEllipsoidal]).to.deep.equal([true, false]);
    expect(down?.metresPerUnit).to.be.closeTo(1200 / 3937, 1e-12);
    const own = `${esri},VERTCS["ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PARAMETER["Direction",1.0],UNIT["Meter",1.0]]`; // prettier-ignore
    expect(CoordinateSystem.read(own).vertical?.isEllipsoidal).to.equal(true);
    expect(CoordinateSystem.read("EPSG:4979").vertical?.isEllipsoidal).to.equal(true);
    expect(CoordinateSystem.read("EPSG:5555").vertical?.isEllipsoidal).to.equal(false);
    expect(CoordinateSystem.read("EPSG:25832").vertical).to.equal(undefined);
  });

  it("turns the rotations of a shift by coordinate frame", () => {
    const shifted = (method: string, sign: number) => {
      const parameters = [598.1, 73.7, 418.2].map((value, axis) => `PARAMETER["${"XYZ"[axis]}-axis translation",${value}]`); // prettier-ignore
      const turns = [0.202, 0.045, -2.455].map((value, axis) => `PARAMETER["${"XYZ"[axis]}-axis rotation",${sign * value}]`); // prettier-ignore
      return `BOUNDCRS[SOURCECRS[${bessel}],TARGETCRS[GEOGCRS["WGS 84"]],ABRIDGEDTRANSFORMATION["x",METHOD["${method}"],${parameters.join()},${turns.join()},PARAMETER["Scale difference",1.0000067]]]`; // prettier-ignore
    };
    const vector = place(shifted("Position Vector transformation (geog2D domain)", 1), [9, 50]);
    const frame = place(shifted("Coordinate Frame rotation (geog2D domain)", -1), [9, 50]);
    const towgs84 = place("+proj=longlat +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7", [9, 50]);
    for (const axis of [0, 1] as const) {
      expect(vector[axis]).to.be.closeTo(towgs84[axis], 1e-10);
      expect(frame[axis]).to.be.closeTo(towgs84[axis], 1e-10);
    }
  });

  it("reads the web's Mercator projection of GDAL", () => {
    const text = 'PROJCS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"]]'; // prettier-ignore
    const point: [number, number] = [1_000_000, 6_000_000];
    expect(place(text, point)).to.deep.equal(place("EPSG:3857", point));
    expect(place("ESRI:102100", point)).to.deep.equal(place("EPSG:3857", point));
  });

  it("refuses text that is cut off anywhere", () => {
    for (const text of [utm, esri, wkt2, json])
      for (let length = 1; length < text.length; length += 3)
        expect(codeOf(text.slice(0, length)), text.slice(0, length)).to.match(/^places\/(damaged|unknown)-crs$/);
  });

  it("refuses what it cannot compute, with the reason", () => {
    const texts: Readonly<Record<string, RegExp>> = {
      "EPSG:1": /EPSG:1 is no horizontal system/,
      nonsense: /no system has this name/,
      "ESRI:1": /of Esri's codes only some/,
      'LOCAL_CS["x",UNIT["metre",1]]': /LOCAL_CS is no system of places/,
      [utm.replace("Transverse_Mercator", "Winkel_Tripel")]: /"Winkel_Tripel" is not known/,
      [utm.replace("Transverse_Mercator", "Orthographic")]: /on a sphere only/,
      "+proj=mill +lon_0=0 +datum=WGS84": /on a sphere only/,
      "+proj=vandg +lon_0=0 +ellps=GRS80": /on a sphere only/,
      [utm.replace("0.9996", "9996")]: /cannot be right/,
      "+proj=utm +zone=61 +ellps=GRS80": /1 to 60/,
      "+proj=utm +zone=32 +ellps=GRS80 +foo=1": /\+foo is not known/,
    };
    for (const [text, reason] of Object.entries(texts)) {
      expect(codeOf(text), text).to.equal("places/unknown-crs");
      expect(() => CoordinateSystem.read(text), text).to.throw(reason);
    }
  });

  it("answers NaN for what is no place", () => {
    const points: readonly [number, number][] = [[NaN, 1], [1, NaN], [Infinity, 0], [0, -Infinity], [1e12, 1e12]]; // prettier-ignore
    for (const code of [4326, 25832, 27572, 2193, 3857, 5514, 3035, 28191])
      for (const point of points) {
        const transformation = CoordinateSystem.read(`EPSG:${code}`).transformation();
        for (const values of [transformation.toDegrees(point), transformation.fromDegrees(point)])
          expect(
            values.some(Number.isNaN) && !values.includes(Infinity),
            `EPSG:${code} ${point.join()}: ${values.join()}`,
          ).to.equal(true);
      }
  });
});
