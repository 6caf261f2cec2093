import { PhysicalModel, SnapshotDb, SpatialCategory, StandaloneDb, Subject } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import type { Site } from "./contenders.js";

const names = { subject: "Box job", model: "Boxes", category: "Box" };

/** Creates a snapshot iModel with all that boxes need. */
export function createSite(file: string, geometry: boolean): Site & { imodel: SnapshotDb } {
  const imodel = SnapshotDb.createEmpty(file, { rootSubject: { name: "Bench" } });
  imodel.channels.addAllowedChannel("shared");
  const subject = Subject.insert(imodel, IModel.rootSubjectId, names.subject);
  const jsonProperties = { Subject: { Job: { Bridge: "Bench" } } };
  imodel.elements.updateElement({ id: subject, jsonProperties });
  const model = PhysicalModel.insert(imodel, subject, names.model);
  const category = SpatialCategory.insert(imodel, IModel.dictionaryId, names.category, {});
  imodel.saveChanges();
  return { imodel, subject, model, category, geometry };
}

/** Opens a copy of such an iModel for writing, as a run does. */
export function openSite(file: string, geometry: boolean): Site & { imodel: StandaloneDb } {
  const imodel = StandaloneDb.openFile(file);
  imodel.channels.addAllowedChannel("shared");
  const subject = imodel.elements.queryElementIdByCode(
    Subject.createCode(imodel, IModel.rootSubjectId, names.subject),
  )!;
  const model = imodel.queryEntityIds({ from: PhysicalModel.classFullName }).values().next().value!;
  const category = SpatialCategory.queryCategoryIdByName(imodel, IModel.dictionaryId, names.category)!;
  return { imodel, subject, model, category, geometry };
}
