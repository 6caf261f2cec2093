import type { IfcFile } from "../IfcFile.js";
import { productText, type UnitFactor } from "./unitText.js";

const prefixes: Readonly<Record<string, string>> = {
  EXA: "E", PETA: "P", TERA: "T", GIGA: "G", MEGA: "M", KILO: "k", HECTO: "h", DECA: "da", DECI: "d", CENTI: "c",
  MILLI: "m", MICRO: "µ", NANO: "n", PICO: "p", FEMTO: "f", ATTO: "a",
}; // prettier-ignore

const powersOfTen: Readonly<Record<string, number>> = {
  EXA: 18, PETA: 15, TERA: 12, GIGA: 9, MEGA: 6, KILO: 3, HECTO: 2, DECA: 1, DECI: -1, CENTI: -2, MILLI: -3, MICRO: -6,
  NANO: -9, PICO: -12, FEMTO: -15, ATTO: -18,
}; // prettier-ignore

const symbols: Readonly<Record<string, string>> = {
  METRE: "m", SQUARE_METRE: "m²", CUBIC_METRE: "m³", GRAM: "g", SECOND: "s", AMPERE: "A", KELVIN: "K", MOLE: "mol",
  CANDELA: "cd", RADIAN: "rad", STERADIAN: "sr", HERTZ: "Hz", NEWTON: "N", PASCAL: "Pa", JOULE: "J", WATT: "W",
  COULOMB: "C", VOLT: "V", FARAD: "F", OHM: "Ω", SIEMENS: "S", WEBER: "Wb", TESLA: "T", HENRY: "H",
  DEGREE_CELSIUS: "°C", LUMEN: "lm", LUX: "lx", BECQUEREL: "Bq", GRAY: "Gy", SIEVERT: "Sv",
}; // prettier-ignore

/** The units of a file: those that its project assigns, and those that single values have. */
export class Units {
  /** Metres in the unit of the file's lengths; 1 where the project assigns none. */
  public readonly metresPerLength: number;
  private readonly _byType = new Map<string, string>();

  public constructor(
    private readonly _file: IfcFile,
    /** The instances of the project's IfcUnitAssignment. */
    public readonly assigned: readonly number[],
  ) {
    for (const id of assigned) {
      const symbol = this.symbolOf(id);
      if (symbol !== undefined) this._byType.set(this._typeOfUnit(id), symbol);
    }
    const length = assigned.find((id) => this._typeOfUnit(id) === "LENGTHUNIT");
    this.metresPerLength = length === undefined ? 1 : this.factorOf(length);
  }

  /** The unit of the lengths in the file; undefined where the project assigns none. */
  public get length(): string | undefined {
    return this._byType.get("LENGTHUNIT");
  }

  /** The unit that values of a measure have where they name none, such as `m²` for `IFCAREAMEASURE`. */
  public of(measure: string): string | undefined {
    const quantity = measure.replace(/^IFC(?:POSITIVE|NONNEGATIVE)?/, "").replace(/MEASURE$/, "");
    return this._byType.get(`${quantity}UNIT`);
  }

  /** How a unit is written, by the instance that describes it; undefined for one that says nothing. */
  public symbolOf(id: number): string | undefined {
    // A colon ends the unit in the description of a property, by which a later run knows the property.
    return this._textOf(id)?.replaceAll(":", "∶") || undefined;
  }

  private _textOf(id: number): string | undefined {
    switch (this._file.typeOf(id)) {
      case "IFCSIUNIT":
        return (prefixes[this._file.text(id, "Prefix") ?? ""] ?? "") + this._siName(id);
      case "IFCDERIVEDUNIT":
        return productText(this._file.references(id, "Elements").map((element) => this._factor(element)));
      case "IFCMONETARYUNIT":
        return this._file.text(id, "Currency");
      default:
        return this._file.text(id, "Name");
    }
  }

  /** A unit in the SI unit of its quantity, without a prefix; 1 for one that has no such factor. */
  public factorOf(id: number): number {
    if (this._file.typeOf(id) === "IFCSIUNIT") return 10 ** (powersOfTen[this._file.text(id, "Prefix") ?? ""] ?? 0);
    const conversion = this._file.reference(id, "ConversionFactor");
    if (conversion === undefined) return 1;
    const unit = this._file.reference(conversion, "UnitComponent");
    const isOfSI = unit !== undefined && this._file.typeOf(unit) === "IFCSIUNIT";
    return (this._file.number(conversion, "ValueComponent") ?? 1) * (isOfSI ? this.factorOf(unit) : 1);
  }

  private _siName(id: number): string {
    const name = this._file.text(id, "Name") ?? "";
    return symbols[name] ?? name.toLowerCase();
  }

  private _factor(element: number): UnitFactor {
    const unit = this._file.reference(element, "Unit");
    const symbol = (unit === undefined ? undefined : this.symbolOf(unit)) ?? "?";
    return { symbol, exponent: this._file.number(element, "Exponent") ?? 1 };
  }

  private _typeOfUnit(id: number): string {
    return this._file.typeOf(id) === "IFCMONETARYUNIT" ? "MONETARYUNIT" : (this._file.text(id, "UnitType") ?? "");
  }
}
