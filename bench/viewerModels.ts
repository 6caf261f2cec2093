import { join } from "node:path";
import { PhysicalModel, SnapshotDb, SpatialCategory } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import { insertExternalSourceAspect } from "../src/imodel/native.js";
import { boxProps, makeBoxes } from "./boxes.js";

/** Brings an IFC file into an iModel in a folder. @returns its path */
export async function makeBuilding(sourcePath: string, folder: string): Promise<string> {
  const runArgs = { connectorModule: "itwin-connector-ifc", sourcePath, outputDir: folder, isSnapshot: true };
  const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), runArgs));
  await runner.synchronize();
  const { error, iModelPath } = runner.result;
  if (error !== undefined || iModelPath === undefined) throw error ?? new Error(`${sourcePath} gives no iModel`);
  return iModelPath;
}

/** Makes an iModel of boxes in a folder. @returns its path */
export function makeBoxModel(count: number, folder: string): string {
  const path = join(folder, `boxes-${count}.bim`);
  const imodel = SnapshotDb.createEmpty(path, { rootSubject: { name: "Boxes" } });
  imodel.channels.addAllowedChannel("shared");
  const model = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Boxes");
  const category = SpatialCategory.insert(imodel, IModel.dictionaryId, "Boxes", {});
  const scope = { id: model, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" };
  for (const box of makeBoxes(count)) {
    const id = imodel.elements.insertElement(boxProps(box, { model, category, geometry: true }));
    insertExternalSourceAspect(imodel, id, { scope, kind: "Box", identifier: box.id });
  }
  imodel.saveChanges();
  imodel.close();
  return path;
}
