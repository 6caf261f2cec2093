import {
  faultOfEncoding,
  faultOfFlag,
  faultOfText,
  type OptionCheck,
  type TableOptions,
} from "itwin-connector-framework/tables";

/** The options of the connector; README.md tells what they are for. */
export type GeospatialOptions = TableOptions & {
  /** The coordinate system, where the files do not say or are wrong; `local` for one that is nowhere on the Earth. */
  crs?: string;
  /** Whether a datum that is not known is taken for WGS 84. */
  allowUnknownDatum?: boolean;
  /** The encoding of the attributes, where the files do not say or are wrong. */
  encoding?: string;
  /** Whether records are known by their numbers, even where a column could hold identifiers. */
  idByRecord?: boolean;
  /** Whether records are known by their numbers where no column could hold identifiers, as they are anyway. */
  idByRow?: boolean;
};

/** Checks of the options that no other format has. */
export const geospatialChecks: Readonly<Record<string, OptionCheck>> = {
  crs: faultOfText,
  allowUnknownDatum: faultOfFlag,
  encoding: faultOfEncoding,
  idByRecord: faultOfFlag,
  idByRow: faultOfFlag,
};
