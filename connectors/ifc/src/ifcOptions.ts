import { ConnectorError } from "itwin-connector-framework";
import { defaultTolerance } from "./model/circles/segments.js";
import { faultOfName, faultOfText, type OptionCheck } from "itwin-connector-framework/tables";

/** The options of the connector; README.md tells what they are for. */
export interface IfcOptions {
  /** The ECSchema of the classes. */
  readonly schemaName: string;
  /** How far straight segments may be from circles and other curves, in metres. */
  readonly chordTolerance: number;
  /** In how many segments every full circle is cut, for any size; undefined where the tolerance decides. */
  readonly circleSegments?: number;
  /** The coordinate system of a map conversion, where the file does not say or names one that is not known. */
  readonly crs?: string;
  /** The name of the file in a zip with several. */
  readonly file?: string;
  /** Whether a datum that is not known is taken for WGS 84. */
  readonly allowUnknownDatum: boolean;
  /** How many threads mesh; undefined where cores and memory decide. */
  readonly threads?: number;
}

/** In metres. */
const tolerances = { least: 0.0001, most: 1 };

const checks: Readonly<Record<string, OptionCheck>> = {
  schemaName: faultOfName,
  chordTolerance: faultOfTolerance,
  circleSegments: countFrom(3, 360),
  crs: faultOfText,
  file: faultOfText,
  allowUnknownDatum: faultOfBoolean,
  threads: countFrom(1, 16),
};

/**
 * The options that are given as `argsJson`, with the defaults for the others.
 * @throws ConnectorError `ifc/options` for one that is not known, or does not fit
 */
export function readOptions(given: unknown): IfcOptions {
  const options = (given ?? {}) as Record<string, unknown>;
  if (typeof options !== "object" || Array.isArray(options)) throw optionsError("The options are no JSON object.");
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw optionsError(`The option "${name}" is not known.`);
    const fault = check(value);
    if (fault !== undefined) throw optionsError(`The option "${name}" ${fault}.`);
  }
  return { schemaName: "Ifc", chordTolerance: defaultTolerance, allowUnknownDatum: false, ...options };
}

function faultOfBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "is neither true nor false";
}

function faultOfTolerance(value: unknown): string | undefined {
  const { least, most } = tolerances;
  const isValid = typeof value === "number" && value >= least && value <= most;
  return isValid ? undefined : `is no number of metres from ${least} to ${most}`;
}

function countFrom(least: number, most: number): OptionCheck {
  return (value) => {
    const isValid = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
    return isValid ? undefined : `is no number from ${least} to ${most}`;
  };
}

function optionsError(message: string): ConnectorError {
  return new ConnectorError("ifc/options", message, {
    advice: `Options of the connector are ${Object.keys(checks).join(", ")}; its README says what they are for.`,
  });
}
