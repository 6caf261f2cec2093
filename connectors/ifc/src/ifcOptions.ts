import { ConnectorError } from "itwin-connector-framework";
import { faultOfName, faultOfText, type OptionCheck } from "itwin-connector-framework/tables";

/** The options of the connector; README.md tells what they are for. */
export interface IfcOptions {
  /** The ECSchema of the classes. */
  readonly schemaName: string;
  /** In how many straight segments a full circle is cut. */
  readonly circleSegments: number;
  /** The coordinate system of a map conversion, where the file does not say or names one that is not known. */
  readonly crs?: string;
  /** The name of the file in a zip with several. */
  readonly file?: string;
  /** Whether a datum that is not known is taken for WGS 84. */
  readonly allowUnknownDatum: boolean;
}

const segmentCounts = { least: 3, most: 360 };

const checks: Readonly<Record<string, OptionCheck>> = {
  schemaName: faultOfName,
  circleSegments: faultOfSegmentCount,
  crs: faultOfText,
  file: faultOfText,
  allowUnknownDatum: faultOfBoolean,
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
  return { schemaName: "Ifc", circleSegments: 12, allowUnknownDatum: false, ...options };
}

function faultOfBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "is neither true nor false";
}

function faultOfSegmentCount(value: unknown): string | undefined {
  const { least, most } = segmentCounts;
  const isValid = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return isValid ? undefined : `is no number from ${least} to ${most}`;
}

function optionsError(message: string): ConnectorError {
  return new ConnectorError("ifc/options", message, {
    advice: `Options of the connector are ${Object.keys(checks).join(", ")}; its README says what they are for.`,
  });
}
