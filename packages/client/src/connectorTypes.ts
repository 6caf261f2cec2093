/** The connector types of each file extension, in lower case, as the synchronization workflow of the platform lists them. */
const workflowExtensions: Record<string, string[]> = {
  csv: ["SHELLEDWCSV"],
  dgn: ["CIVIL", "MSTN", "OBD", "PROSTRUCTURES"],
  dwg: ["AUTOPLANT", "AVEVAPID", "CIVIL3D", "DWG"],
  ifc: ["IFC"],
  shp: ["GEOSPATIAL"],
  xml: ["OPENTOWER"],
  rvt: ["REVIT"],
  zip: ["SPPID"],
  pid: ["SPPID"],
  vue: ["SPXREVIEW"],
  vsd: ["AVEVADIAGRAMS"],
  nwc: ["NWD"],
  nwd: ["NWD"],
  json: ["INTELLIPID"],
  xls: ["PSEXCEL"],
  xlsx: ["PSEXCEL"],
};

/** Formats that the platform's connectors take beyond that list. Of two parts, as in `site.i.dgn`, both count. */
const furtherExtensions: Record<string, string> = {
  otxml: "OPENTOWER",
  dxf: "DWG",
  geodb: "GEOSPATIAL",
  geojson: "GEOSPATIAL",
  kml: "GEOSPATIAL",
  "3dm": "MSTN",
  "3ds": "MSTN",
  dae: "MSTN",
  fbx: "MSTN",
  hln: "MSTN",
  "i.dgn": "MSTN",
  igs: "MSTN",
  jt: "MSTN",
  "land.xml": "MSTN",
  obj: "MSTN",
  sat: "MSTN",
  skp: "MSTN",
  stl: "MSTN",
  stp: "MSTN",
  x_t: "MSTN",
};

/** Those that take any file of their format: where a format has several connectors, one of these is meant. */
const genericTypes = ["MSTN", "DWG"];

/** The connector types that can bring in files of each extension, which is in lower case and without a dot. */
export const fileExtensionToConnectorType: Record<string, string[]> = {
  ...workflowExtensions,
  ...Object.fromEntries(Object.entries(furtherExtensions).map(([extension, type]) => [extension, [type]])),
};

/**
 * The connector types that can bring in files of an extension.
 * @param extension - without a dot, in any case, such as `ifc`
 */
export function getConnectorTypeFromFileExtension(extension: string): string[] | undefined {
  const key = extension.toLowerCase();
  return Object.hasOwn(fileExtensionToConnectorType, key) ? fileExtensionToConnectorType[key] : undefined;
}

/** The extensions that the name of a file can be said to have, the longest first: `a.i.dgn` has `i.dgn` and `dgn`. */
export function extensionsOf(fileName: string): string[] {
  const parts = fileName.split(".").slice(1);
  return [2, 1].filter((count) => parts.length >= count).map((count) => parts.slice(-count).join("."));
}

/** The most generic connector type for a file of this name; undefined where its extension is not known. */
export function connectorTypeOf(fileName: string): string | undefined {
  const types = extensionsOf(fileName)
    .map(getConnectorTypeFromFileExtension)
    .find((known) => known !== undefined);
  return types?.find((type) => genericTypes.includes(type)) ?? types?.[0];
}
