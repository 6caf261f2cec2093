import { expectDefined } from "@itwin/core-bentley";

/** How a unit is converted to the SI unit of its quantity. */
interface Conversion {
  factor: number;
  offset?: number;
}

const pound = 0.45359237;
const inch = 0.0254;
const foot = 0.3048;
const gravity = 9.80665;
const poundForce = pound * gravity;
const gallon = 231 * inch ** 3;

/** To m, m², m³, kg, s, K, Pa, N, J, W, rad, m/s, m³/s, kg/s, V, A, Ω, Hz, and 1. */
const conversions = new Map<string, Conversion>(
  Object.entries({
    m: 1,
    mm: 1e-3,
    cm: 1e-2,
    dm: 0.1,
    km: 1000,
    um: 1e-6,
    in: inch,
    ft: foot,
    yd: 0.9144,
    mi: 1609.344,
    "us-ft": 1200 / 3937,
    m2: 1,
    mm2: 1e-6,
    cm2: 1e-4,
    ha: 1e4,
    km2: 1e6,
    in2: inch ** 2,
    ft2: foot ** 2,
    m3: 1,
    mm3: 1e-9,
    cm3: 1e-6,
    l: 1e-3,
    L: 1e-3,
    ml: 1e-6,
    in3: inch ** 3,
    ft3: foot ** 3,
    gal: gallon,
    kg: 1,
    g: 1e-3,
    mg: 1e-6,
    t: 1000,
    lb: pound,
    oz: pound / 16,
    s: 1,
    ms: 1e-3,
    min: 60,
    h: 3600,
    d: 86_400,
    K: 1,
    Pa: 1,
    hPa: 100,
    kPa: 1e3,
    MPa: 1e6,
    bar: 1e5,
    mbar: 100,
    psi: poundForce / inch ** 2,
    atm: 101_325,
    N: 1,
    kN: 1e3,
    MN: 1e6,
    lbf: poundForce,
    J: 1,
    kJ: 1e3,
    MJ: 1e6,
    Wh: 3600,
    kWh: 3.6e6,
    W: 1,
    kW: 1e3,
    MW: 1e6,
    hp: 550 * foot * poundForce,
    rad: 1,
    deg: Math.PI / 180,
    "m/s": 1,
    "km/h": 1 / 3.6,
    "ft/s": foot,
    mph: 0.44704,
    "m3/s": 1,
    "m3/h": 1 / 3600,
    "l/s": 1e-3,
    "l/min": 1e-3 / 60,
    gpm: gallon / 60,
    "kg/s": 1,
    "kg/h": 1 / 3600,
    "t/h": 1 / 3.6,
    V: 1,
    mV: 1e-3,
    kV: 1e3,
    A: 1,
    mA: 1e-3,
    ohm: 1,
    Hz: 1,
    kHz: 1e3,
    rpm: 1 / 60,
    "1": 1,
    "%": 0.01,
  }).map(([unit, factor]) => [unit, { factor }]),
);
conversions.set("degC", { factor: 1, offset: 273.15 });
conversions.set("degF", { factor: 5 / 9, offset: 459.67 * (5 / 9) });

/** All units that are known. */
export const unitNames: readonly string[] = [...conversions.keys()];

/** Whether a unit is known, or none is given. */
export function isUnit(unit: string | undefined): boolean {
  return unit === undefined || conversions.has(unit);
}

/** A value in the SI unit of its quantity, without the digits that the conversion itself makes up. */
export function toSI(value: number, unit: string): number {
  const { factor, offset = 0 } = expectDefined(conversions.get(unit));
  return factor === 1 && offset === 0 ? value : Number((value * factor + offset).toPrecision(15));
}
