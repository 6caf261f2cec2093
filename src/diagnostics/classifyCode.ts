import type { RecordLevel } from "./DiagnosticReport.js";

/** Where the viewer sorts an issue in. */
export interface Classification {
  /** One of the categories of the viewer's mapping. */
  category: string;
  /** One of the types of the viewer's mapping. */
  type: string;
  /** How grave an issue of the code is if it does not say so itself. */
  level?: RecordLevel;
}

/** Codes, and what they are to the viewer. A star stands for any characters; of rows that fit, the first one counts. */
type Row = readonly [codes: string, category: string, type: string, level?: RecordLevel];

const rows: readonly Row[] = [
  [
    "source/missing service/file-missing service/source-unavailable geospatial/no-dbf geospatial/no-shx",
    "InputFiles",
    "FileNotFound",
    "Fatal",
  ],
  [
    "source/unreadable */unreadable */changed-meanwhile fetch/* service/blob-* service/file-damaged",
    "DiskIO",
    "FileHandler",
    "Fatal",
  ],
  ["fetch/denied fetch/address-not-allowed service/path-outside", "Authorization", "DataSource", "Fatal"],
  [
    "ifc/not-ifc geospatial/not-* xlsx/not-a-workbook ifc/unknown-schema geospatial/shape-type",
    "Unsupported",
    "DataSource",
    "Fatal",
  ],
  ["xlsx/encrypted", "DigitalRights", "Document", "Fatal"],
  [
    "*/damaged ifc/cut-off json/syntax json/too-deep csv/ragged-row csv/*-quote csv/row-too-long geospatial/records-differ geospatial/bad-*",
    "CorruptData",
    "InvalidInputData",
    "Fatal",
  ],
  ["*/encoding xlsx/not-text json/nul-character", "CorruptData", "InvalidInputData", "Fatal"],
  [
    "*/no-rows csv/empty-file json/no-records json/no-columns xlsx/empty-workbook",
    "MissingData",
    "InvalidInputData",
    "Fatal",
  ],
  [
    "*/no-header */no-id-column */unknown-column */ambiguous-column */unnamed-column */duplicate-column xlsx/unknown-sheet json/mixed-list",
    "InconsistentData",
    "ECProperty",
    "Fatal",
  ],
  ["*/options */mapping", "InputFiles", "Config", "Fatal"],
  [
    "*/empty-id */duplicate-id */duplicate-key sync/duplicate-item ifc/duplicate-global-id ifc/no-global-id",
    "InconsistentData",
    "ECInstance",
    "Warning",
  ],
  ["*/not-a-number */incomplete-coordinates */coordinate-out-of-range", "UnexpectedData", "Geometry", "Fatal"],
  ["geospatial/out-of-range", "UnexpectedData", "GCS", "Fatal"],
  ["geospatial/far", "UnexpectedData", "Range", "Warning"],
  ["geospatial/no-crs geospatial/unknown-crs", "MissingData", "MissingGCS"],
  ["ifc/unknown-crs", "MissingData", "MissingGCS", "Warning"],
  ["ifc/no-length-unit", "MissingData", "Units", "Warning"],
  ["ifc/body-failed ifc/body-empty geospatial/no-extent", "MissingData", "MissingGeometry", "Critical"],
  ["ifc/circle ifc/circle-of-parts sync/reference-lost", "InconsistentData", "References", "Warning"],
  [
    "geospatial/attributes-left-out xlsx/error-value xlsx/formula-without-value sync/aspect-refused",
    "BusinessProperties",
    "ECProperty",
    "Critical",
  ],
  ["schema/* */schema-refused */schema-name-taken */too-many-columns", "BusinessProperties", "ECSchema", "Fatal"],
  ["*/same-class", "BusinessProperties", "ECClass", "Fatal"],
  ["sync/kept-for-* sync/definition-in-use sync/delete-failed sync/job-in-use", "Synchronization", "Element", "Info"],
  ["sync/modeled-element-replaced", "Synchronization", "UpdateDoesNotChangeClass", "Info"],
  ["ifc/web-ifc ifc/reader-failed service/connector-died service/out-of-memory", "ToolkitError", "Alert"],
  [
    "load/* service/unknown-connector-type service/missing-package",
    "Compatibility",
    "MissingSoftwareDependency",
    "Fatal",
  ],
  [
    "imodel/* run/imodel-refused run/channel service/checkout-failed service/history-conflict",
    "IModel",
    "iModel",
    "Fatal",
  ],
  ["service/cancelled service/timed-out run/* service/*", "Synchronization", "Error", "Fatal"],
];

const anythingElse: Classification = { category: "Unknown", type: "Undefined" };

const byCode = new Map<string, Classification>();
const byPattern: { pattern: RegExp; classification: Classification }[] = [];
for (const [codes, category, type, level] of rows)
  for (const code of codes.split(" ")) {
    const classification = { category, type, level };
    if (code.includes("*")) byPattern.push({ pattern: toPattern(code), classification });
    else byCode.set(code, classification);
  }

/** What a code is to the viewer. A row that names the whole code counts more than one with a star. */
export function classifyCode(code: string): Classification {
  return byCode.get(code) ?? byPattern.find(({ pattern }) => pattern.test(code))?.classification ?? anythingElse;
}

/** A star for the scope stands for one connector. */
function toPattern(code: string): RegExp {
  return new RegExp(`^${code.replaceAll("*", "[^/]+")}$`);
}
