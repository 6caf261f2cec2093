import { expect } from "chai";
import { readOptions as readTableOptions } from "../../../src/tables/format/TableOptions.js";
import { csvFormat } from "../src/CsvConnector.js";
import { errorOf } from "./support.js";

const readOptions = (args: unknown, sourcePath: string) => readTableOptions(csvFormat, args, sourcePath);

describe("the options of the CSV connector", () => {
  it("has defaults for all of them", () => {
    const defaults = { className: "Plant", schemaName: "CsvPlant", units: "m", markerSize: 1 };
    expect(readOptions(undefined, "/data/plant.csv")).to.deep.equal(defaults);
    expect(readOptions(null, "/data/plant.csv")).to.deep.equal(defaults);
    expect(readOptions({}, "/data/plant.csv")).to.deep.equal(defaults);
  });

  it("makes a valid class name of any file name", () => {
    const classNameOf = (file: string) => readOptions({}, `/data/${file}`).className;
    expect(classNameOf("pump list-2.csv")).to.equal("PumpList2");
    expect(classNameOf("2024 pumps.csv")).to.equal("__x0032__024Pumps");
    expect(classNameOf("größe.csv")).to.equal("Gr__x00F6____x00DF__e");
    expect(classNameOf("---.csv")).to.equal("Row");
    expect(classNameOf("no extension")).to.equal("NoExtension");
  });

  it("names the schema after the class", () => {
    expect(readOptions({ className: "Pump" }, "/x.csv").schemaName).to.equal("CsvPump");
    expect(readOptions({ className: "Pump", schemaName: "Equipment" }, "/x.csv").schemaName).to.equal("Equipment");
  });

  const refused: [title: string, args: unknown, message: string][] = [
    ["an unknown option", { idcolumn: "tag" }, 'There is no option "idcolumn".'],
    ["an option of the prototype", { constructor: "x" }, 'There is no option "constructor".'],
    ["a list", ["id"], "argsJson is not an object."],
    ["a text", "id", "argsJson is not an object."],
    ["a number for a column", { idColumn: 3 }, 'The option "idColumn" is not a text: 3.'],
    ["an empty delimiter", { delimiter: "" }, 'The option "delimiter" is not a text: "".'],
    ["a quote as delimiter", { delimiter: '"' }, 'The option "delimiter" holds a quote or a line break: "\\"".'],
    [
      "a list with a number for columns",
      { idColumn: ["tag", 3] },
      'The option "idColumn" is not a list of texts: ["tag",3].',
    ],
    ["a number for a dialect", { dialect: 5 }, 'The option "dialect" is wrong: it is not of a type(s) object: 5.'],
    [
      "an unknown member of a dialect",
      { dialect: { separator: ";" } },
      'The option "dialect" is wrong: it must not have additional properties (separator): {"separator":";"}.',
    ],
    [
      "a quote of two characters",
      { dialect: { quote: "''" } },
      `The option "dialect" is wrong at quote: it must be the character around cells that contain delimiters, or false. Default: a double quote: {"quote":"''"}.`,
    ],
    [
      "a form that is no date",
      { dialect: { dates: ["MM/yyyy"] } },
      'The option "dialect" is wrong at dates: "MM/yyyy" lacks yyyy, MM or dd: {"dates":["MM/yyyy"]}.',
    ],
    [
      "one separator for two things",
      { dialect: { decimal: ",", thousands: "," } },
      'The option "dialect" is wrong at thousands: "," is the decimal separator: {"decimal":",","thousands":","}.',
    ],
    ["a text for a flag", { idByRow: "yes" }, 'The option "idByRow" is neither true nor false: "yes".'],
    ["an unknown encoding", { encoding: "utf-7" }, 'The option "encoding" is not an encoding that is known: "utf-7".'],
    ["an unknown unit", { units: "yd" }, 'The option "units" is none of m, mm, cm, km, ft, us-ft, in: "yd".'],
    [
      "a unit of the prototype",
      { units: "toString" },
      'The option "units" is none of m, mm, cm, km, ft, us-ft, in: "toString".',
    ],
    ["a marker without size", { markerSize: 0 }, 'The option "markerSize" is not a number above zero: 0.'],
    ["a marker size as text", { markerSize: "1" }, 'The option "markerSize" is not a number above zero: "1".'],
    [
      "an invalid class name",
      { className: "my class" },
      'The option "className" may hold only letters A to Z, digits and underscores: "my class".',
    ],
    ["x without y", { x: "east" }, 'The options "x" and "y" go together.'],
    ["z alone", { z: "up" }, 'The options "x" and "y" go together.'],
    ["latitude without longitude", { latitude: "lat" }, 'The options "longitude" and "latitude" go together.'],
    [
      "both kinds of coordinates",
      { x: "a", y: "b", latitude: "c" },
      "Both x, y, z and longitude, latitude, height are named.",
    ],
  ];
  for (const [title, args, message] of refused)
    it(`refuses ${title}`, async () => {
      const error = await errorOf(() => readOptions(args, "/data/plant.csv"));
      expect(error.code).to.equal("csv/options");
      expect(error.message).to.equal(message);
      expect(error.advice).to.include(
        "idColumn, delimiter, encoding, dialect, idByRow, className, schemaName, x, y, z, longitude",
      );
    });
});
