import { readFileSync } from "node:fs";
import { SchemaContext, UnitConverter, SchemaJsonLocater } from "@itwin/ecschema-metadata";
import { expect } from "chai";
import { findUnit, isConvertible, unitConversion } from "itwin-connector-framework/units";
import { findStandardSchema } from "../../src/units/readUnitsSchema.js";
import { unitCatalog } from "../../src/units/UnitCatalog.js";
import { createIModel } from "../support/iModels.js";

const convert = (value: number, from: string, to: string) => unitConversion(findUnit(from)!, findUnit(to)!)(value);

/** The platform's own conversions, from the schema in an iModel. */
async function platformConverter(): Promise<UnitConverter> {
  const imodel = createIModel();
  await imodel.importSchemas([findStandardSchema("Units")]);
  const props = imodel.getSchemaProps("Units");
  imodel.close();
  const context = new SchemaContext();
  context.addLocater(new SchemaJsonLocater((name) => (name === "Units" ? props : undefined)));
  return new UnitConverter(context);
}

describe("A conversion of units", () => {
  it("agrees with that of the platform for all units of all quantities", async () => {
    const converter = await platformConverter();
    const { units } = unitCatalog();
    let count = 0;
    for (const from of units) {
      const others = units.filter(({ phenomenon }) => phenomenon === from.phenomenon);
      for (const to of [others[0]!, others.at(-1)!].filter((other) => isConvertible(from, other))) {
        const platform = await converter.calculateConversion(`Units.${from.name}`, `Units.${to.name}`);
        const own = unitConversion(from, to);
        for (const value of [0, 1, -3.7, 98.6, 12345.678]) {
          const size = Math.abs(platform.offset) + Math.abs(value * platform.factor);
          expect(own(value), `${value} ${from.name} in ${to.name}`).to.be.closeTo(
            platform.evaluate(value),
            size * 1e-12,
          );
          count++;
        }
      }
    }
    expect(count).to.be.greaterThan(4000);
  });

  it("gives the digits that people expect", () => {
    const expected: [value: number, from: string, result: number, to: string][] = [
      [240, "mm", 0.24, "m"],
      [0.1, "in", 2.54, "mm"],
      [1.1, "m", 1100, "mm"],
      [98.6, "°F", 37, "°C"],
      [-40, "°F", -40, "°C"],
      [20, "°C", 293.15, "K"],
      [0, "K", -459.67, "°F"],
      [180, "°", Math.PI, "rad"],
      [1, "us-ft", 1200 / 3937, "m"],
      [3.6, "km/h", 1, "m/s"],
      [1, "gal", 3.785411784, "l"],
      [2.5, "bar", 250, "kPa"],
      [1e300, "km", 1e303, "m"],
      [4e-308, "mm", 4e-311, "m"],
    ];
    for (const [value, from, result, to] of expected)
      expect(convert(value, from, to), `${value} ${from}`).to.equal(result);
  });

  it("is the exact one, rounded once, for any decimal number", () => {
    for (let i = 1; i < 20_000; i += 7) {
      const digits = String(i).padStart(5, "0");
      const value = Number(`${digits.slice(0, 2)}.${digits.slice(2)}`);
      expect(convert(value, "mm", "m")).to.equal(Number(`${value}e-3`));
      expect(convert(value, "m", "mm")).to.equal(Number(`${value}e3`));
      expect(convert(value, "in", "mm")).to.equal(Number(`${BigInt(i) * 254n}e-4`));
    }
  });

  it("leads back to where it came from", () => {
    for (const [from, to] of [
      ["ft", "m"],
      ["°F", "K"],
      ["psi", "bar"],
      ["deg", "rad"],
    ] as const)
      for (const value of [1, 3, 0.1, 7.25, 1e6 + 0.5])
        expect(convert(convert(value, from, to), to, from)).to.be.closeTo(value, Math.abs(value) * 4e-16 + 1e-13);
  });

  it("keeps what is no finite number", () => {
    expect(convert(NaN, "mm", "m")).to.be.NaN;
    expect(convert(-Infinity, "°F", "K")).to.equal(-Infinity);
    expect(convert(Infinity, "mm", "m")).to.equal(Infinity);
  });

  it("refuses units of different quantities, and two currencies", () => {
    expect(() => convert(1, "Units.US_DOLLAR", "Units.MONETARY_UNIT")).to.throw("US_DOLLAR is a unit of CURRENCY");
    expect(() => convert(1, "mm", "kg")).to.throw("MM is a unit of LENGTH, and KG is one of MASS");
  });

  it("uses the schema of the platform, without a copy of it", () => {
    const schema = readFileSync(findStandardSchema("Units"), "utf8");
    expect(unitCatalog().units.length).to.equal(schema.match(/<Unit /g)!.length);
  });
});
