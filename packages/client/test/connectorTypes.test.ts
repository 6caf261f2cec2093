import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  connectorTypeOf,
  fileExtensionToConnectorType,
  getConnectorTypeFromFileExtension,
} from "../src/connectorTypes.js";
import { platformConnectorTypes } from "../../service/src/api/synchronization/connectorTypes.js";

/** The dictionary of the platform's synchronization workflow. */
const dictionary = {
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

const further = {
  OPENTOWER: "otxml",
  MSTN: "i.dgn 3dm 3ds fbx obj skp dae hln igs jt land.xml sat stl stp x_t",
  DWG: "dxf",
  GEOSPATIAL: "geodb geojson kml",
};

describe("The connector types of file extensions", () => {
  it("are those of the workflow", () => {
    for (const [extension, types] of Object.entries(dictionary))
      expect(getConnectorTypeFromFileExtension(extension), extension).to.deep.equal(types);
    expect(fileExtensionToConnectorType).to.deep.include(dictionary);
  });

  it("are found whatever the case", () => {
    expect(getConnectorTypeFromFileExtension("XlsX")).to.deep.equal(["PSEXCEL"]);
  });

  it("are extended by what the platform takes beyond, and by nothing else", () => {
    const added = Object.entries(further).flatMap(([type, extensions]) =>
      extensions.split(" ").map((extension): [string, string[]] => [extension, [type]]),
    );
    expect(fileExtensionToConnectorType).to.deep.equal({ ...dictionary, ...Object.fromEntries(added) });
    for (const [, types] of Object.entries(fileExtensionToConnectorType))
      expect(platformConnectorTypes).to.include.members(types);
  });

  it("are undefined for what nobody knows, also where it is called as what every object has", () => {
    for (const extension of ["", "txt", ".csv", "constructor", "__proto__", "toString"])
      expect(getConnectorTypeFromFileExtension(extension), extension).to.equal(undefined);
  });

  for (const [name, type] of [
    ["plan.dgn", "MSTN"],
    ["PLAN.DWG", "DWG"],
    ["a.b.dgn", "MSTN"],
    ["site.land.xml", "MSTN"],
    ["tower.xml", "OPENTOWER"],
    [".csv", "SHELLEDWCSV"],
    ["notes", undefined],
    ["notes.", undefined],
    ["notes.txt", undefined],
  ] as const)
    it(`lead from ${name} to ${type}, the most generic one`, () => {
      expect(connectorTypeOf(name)).to.equal(type);
    });

  it("are listed in the documentation as they are", () => {
    const text = readFileSync(new URL("../../../docs/client.md", import.meta.url), "utf8");
    const rows = [...text.matchAll(/^\| `([^|]+)` +\| ([A-Z\d, ]+?) +\|/gm)].flatMap(([, extensions, types]) =>
      extensions!.split("`, `").map((extension): [string, string[]] => [extension, types!.split(", ")]),
    );
    expect(Object.fromEntries(rows)).to.deep.equal(fileExtensionToConnectorType);
  });
});
