import { expect } from "chai";
import { findCoherentUnit, findUnit, findUnitBySymbol } from "itwin-connector-framework/units";
import { unitCatalog } from "../../src/units/UnitCatalog.js";

/** Texts by the names of the units that they must lead to. */
const texts: Record<string, string[]> = {
  MM: ["mm", "MM", "Units.MM", "Units:MM", "u:MM", " mm ", "millimetre", "millimeters", "MILLIMETRE"],
  M: ["m", "M", "metre", "METRE"],
  UM: ["µm", "μm", "um", "micron"],
  SQ_M: ["m²", "m2", "m^2", "m**2", "SQ_M", "square metre", "SQUARE_METRE", "square meters"],
  CUB_M: ["m³", "m3", "CUB_M", "cubic metre"],
  CUB_M_PER_HR: ["m³/h", "m3/h", "m^3*h^-1", "m³·h⁻¹", "cubic metres per hour", "h^-1·m^3"],
  CUB_M_PER_SEC: ["m³/s", "m³·s^-1"],
  LITRE_PER_SEC: ["l/s", "L/s", "litres per second"],
  CELSIUS: ["°C", "℃", "degC", "CELSIUS", "DEG_CELSIUS", "degrees Celsius", "DEGREE_CELSIUS", "° C"],
  FAHRENHEIT: ["°F", "degF"],
  K: ["K"],
  KILOPASCAL: ["kPa", "kN/m²", "kN·m^-2", "KILOPASCAL", "kilopascal"],
  MEGAPASCAL: ["MPa", "N/mm²", "N·mm^-2", "MN/m2"],
  PA: ["Pa", "N/m²", "PA"],
  BAR: ["bar", "BAR"],
  MBAR: ["mbar"],
  W_PER_SQ_M_K: ["W/(m²·K)", "W/m²K", "W/m²·K", "W/(m2 K)", "W·m^-2·K^-1", "W m-2 K-1", "W/m²/K"],
  W_PER_M_K: ["W/(m·K)", "W/mK", "W·m^-1·K^-1"],
  SQ_M_KELVIN_PER_WATT: ["m²K/W", "(m²·K)/W"],
  J_PER_KG_K: ["J/(kg·K)", "J/kg·K", "J/kgK"],
  KG_PER_CUB_M: ["kg/m³", "kg·m^-3"],
  G_PER_CUB_CM: ["g/cm³"],
  KN_PER_M: ["kN/m", "kN·m^-1", "kN*m^-1"],
  N_PER_MM: ["N/mm"],
  KN_M: ["kN·m", "kN*m", "kN m", "m·kN"],
  LBF_FT: ["lbf·ft", "ft·lbf"],
  KN: ["kN", "KN"],
  MEGAN: ["MEGAN"],
  PERCENT: ["%", "PERCENT", "percent"],
  ONE: ["1", "ONE"],
  ARC_DEG: ["°", "deg", "degree", "DEGREE"],
  RAD_PER_SEC: ["rad/s", "rad·s^-1"],
  HZ: ["Hz", "1/s", "s^-1"],
  RPM: ["rpm"],
  KWH: ["kWh", "kW·h", "kW*h"],
  W: ["W", "J/s"],
  KVA: ["kVA"],
  PER_M: ["1/m", "m^-1"],
  STRAIN_PER_KELVIN: ["1/K", "K^-1"],
  CM_TO_THE_FOURTH: ["cm⁴", "cm4", "cm^4"],
  M_PER_SEC_SQ: ["m/s²", "m·s^-2"],
  IN: ["in", "inch", "INCH", "inches"],
  SQ_FT: ["ft²", "square foot", "SQUARE FOOT", "sq_ft".toUpperCase()],
  US_SURVEY_FT: ["us-ft", "US survey foot"],
  GALLON_IMPERIAL: ["gal (imp)", "gallon UK"],
  GALLON_PER_MIN: ["gpm", "gal/min"],
  PSI: ["psi", "PSI", "lbf/in²"],
  TONNE: ["t", "tonne"],
  LUMEN_PER_W: ["lm/W"],
};

/** Texts that have no unit, or could have several. */
const unknown = [
  "", " ", "furlong", "kg·m²·", "m/", "/m", "(m", "m)", "m^", "2 m", "mm/", "EUR", "kN·mm", "N·mm", "MJ/m²", "W·K/m²·kg",
  "MN", "'", '"', "tph", "Gy", "Bq", "mK", "Units.m", "Units.FURLONG", "__proto__", "constructor", "m^1.5",
]; // prettier-ignore

describe("A unit", () => {
  for (const [name, given] of Object.entries(texts))
    it(`named ${name} is found by what people write`, () => {
      for (const text of given) expect(findUnit(text)?.name, text).to.equal(name);
    });

  it("is found by no text that has none, or several", () => {
    for (const text of unknown) expect(findUnit(text), text).to.equal(undefined);
  });

  it("is found by its name in any schema", () => {
    for (const { name } of unitCatalog().units) {
      expect(findUnit(`Units.${name}`)?.name).to.equal(name);
      if (name !== "MN") expect(findUnit(name)?.name).to.equal(name);
    }
  });

  it("is found by its label, or else a unit of the same label is", () => {
    const others = unitCatalog().units.flatMap((unit) => {
      const found = findUnitBySymbol(unit.label);
      return found === undefined || found === unit ? [] : [[found, unit] as const];
    });
    for (const [found, unit] of others)
      if (unit.label !== "%") expect([found.factor, found.offset], unit.name).to.deep.equal([unit.factor, unit.offset]);
    expect(others.map(([{ name }]) => name)).to.include.members(["KN_PER_M", "PA", "PERCENT"]);
  });

  it("is the one of the symbol where a text is the name of another one", () => {
    expect(findUnitBySymbol("MN")?.name).to.equal("MEGAN");
    expect(findUnit("Units.MN")?.factor).to.equal(0.001);
    expect(findUnitBySymbol("SQ_M")).to.equal(undefined);
  });

  it("has its symbol, quantity, factor and offset", () => {
    expect(findUnit("°F")).to.deep.equal({
      name: "FAHRENHEIT",
      fullName: "Units.FAHRENHEIT",
      label: "°F",
      phenomenon: "TEMPERATURE",
      phenomenonLabel: "Temperature",
      factor: 5 / 9,
      offset: 255.37222222222223,
    });
    expect(findUnit("in")?.factor).to.equal(0.0254);
    expect(findUnit("W")?.label).to.equal("W");
  });

  it("is 1 in the base units of SI for each quantity that has one", () => {
    const of = (phenomenon: string) => findCoherentUnit(phenomenon)?.name;
    expect(["LENGTH", "AREA", "TEMPERATURE", "PRESSURE", "FREQUENCY", "NONE"].map(of)).to.deep.equal([
      "M",
      "SQ_M",
      "K",
      "PA",
      "HZ",
      undefined,
    ]);
  });
});
