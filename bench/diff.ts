/**
 * Measures the comparison of two iModels: `npm run bench:diff -- [elements]`; by default 100,000 a side.
 *
 * Both have the same boxes with provenance, but other ids, GUIDs and times. They are compared as they are, and then with
 * one in a hundred boxes changed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { PhysicalModel, PhysicalObject, SnapshotDb, SpatialCategory, type IModelDb } from "@itwin/core-backend";
import { Code, GeometryStreamBuilder, IModel, type GeometricElement3dProps } from "@itwin/core-common";
import { Box, Range3d } from "@itwin/core-geometry";
import { compareIModels } from "itwin-connector-framework";
import { startHost } from "../src/imodel/host.js";
import { insertExternalSourceAspect } from "../src/imodel/native.js";

const count = Number(process.argv[2] ?? 100_000);

interface Scene {
  model: string;
  category: string;
}

/** @param otherIds - how many elements come before the boxes */
function makeIModel(path: string, otherIds: number, isChanged: (index: number) => boolean): void {
  const imodel = SnapshotDb.createEmpty(path, { rootSubject: { name: "bench" } });
  imodel.channels.addAllowedChannel("shared");
  const spare = Array.from({ length: otherIds }, (_, index) => insertCategory(imodel, `Spare ${index}`));
  const scene = { model: PhysicalModel.insert(imodel, IModel.rootSubjectId, "Boxes"), category: "" };
  scene.category = insertCategory(imodel, "Boxes");
  for (let index = 0; index < count; index++) insertBox(imodel, index, scene, isChanged(index));
  if (spare.length > 0) imodel.elements.deleteDefinitionElements(spare); // the ids stay shifted
  imodel.saveChanges();
  imodel.close();
}

function insertCategory(imodel: IModelDb, name: string): string {
  return SpatialCategory.insert(imodel, IModel.dictionaryId, name, {});
}

function insertBox(imodel: IModelDb, index: number, { model, category }: Scene, isChanged: boolean): void {
  const builder = new GeometryStreamBuilder();
  const size = 1 + (index % 1000) / 1000 + (isChanged ? 1 : 0);
  builder.appendGeometry(Box.createRange(Range3d.createXYZXYZ(0, 0, 0, size, 1, 1 + index / count), true)!);
  const props: GeometricElement3dProps = {
    classFullName: PhysicalObject.classFullName,
    model,
    category,
    code: Code.createEmpty(),
    userLabel: `Box ${index}`,
    placement: { origin: [index % 1000, Math.floor(index / 1000), 0], angles: {} },
    geom: builder.geometryStream,
  };
  const id = imodel.elements.insertElement(props);
  const scope = { id: model, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" };
  const item = { scope, kind: "Box", identifier: `box-${index}`, checksum: `${size}` };
  insertExternalSourceAspect(imodel, id, item);
}

async function measure(title: string, a: string, b: string): Promise<void> {
  const start = performance.now();
  const { isEqual, elements } = await compareIModels(a, b);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${title}: ${seconds} s, peak ${peak} MB, equal: ${isEqual}, changed: ${elements.changed.length}`);
}

const folder = mkdtempSync(join(tmpdir(), "bench-diff-"));
const [a, same, changed] = ["a.bim", "same.bim", "changed.bim"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const stopHost = await startHost();
try {
  makeIModel(a, 0, () => false);
  makeIModel(same, 20, () => false);
  makeIModel(changed, 20, (index) => index % 100 === 0);
  console.log(`${count} boxes a side`);
  await measure("equal", a, same);
  await measure("1% changed", a, changed);
} finally {
  await stopHost();
  rmSync(folder, { recursive: true, force: true });
}
