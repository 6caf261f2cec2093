import { GenericSchema, SnapshotDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { CodeScopeSpec, IModel } from "@itwin/core-common";
import { expect } from "chai";
import { ElementKeys, type ElementKey } from "../../src/sync/provenance/ElementKeys.js";
import { createIModel, query } from "../support/iModels.js";
import { idOf, Job } from "./Job.js";

describe("The key of an element", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    imodel = createIModel();
    await imodel.importSchemas([GenericSchema.schemaFilePath]);
    job = new Job(imodel, "one");
  });
  afterEach(() => imodel.close());

  const subjectKey: ElementKey = { code: ["bis:Subject", "one"] };
  /** Expects that an element has a key, and is found by it. */
  const expectKey = (id: Id64String | undefined, key: ElementKey, keys = new ElementKeys(imodel)) => {
    expect(keys.keyOf(id!)).to.deep.equal(key);
    expect(keys.find(key)).to.equal(id);
  };

  it("is a text for the root Subject and for the document that is processed", () => {
    expectKey(IModel.rootSubjectId, "");
    expectKey(job.subjectId, ".", new ElementKeys(imodel, job.subjectId));
  });

  it("is the item that it stands for, within the key of its scope", () => {
    job.run([
      { id: "a", parts: ["p"] },
      { id: "b", scope: IModel.rootSubjectId },
    ]);
    expectKey(idOf(imodel, "b"), ["Item", "b"]);
    expectKey(idOf(imodel, "a"), ["Item", "a", subjectKey]);
    const below = ["Item", "a", "."] as ElementKey;
    expectKey(idOf(imodel, "a"), below, new ElementKeys(imodel, job.subjectId));
  });

  it("is that of the item within which it is a part", () => {
    job.run([{ id: "a", parts: ["p"] }]);
    expectKey(idOf(imodel, "p"), ["itwin-connector-framework:part", "#0", ["Item", "a", subjectKey]]);
  });

  it("is the first of several items", () => {
    job.run([{ id: "z" }]);
    imodel.elements.insertAspect({
      classFullName: "BisCore:ExternalSourceAspect",
      element: { id: idOf(imodel, "z") },
      scope: { id: IModel.rootSubjectId },
      kind: "Another",
      identifier: "a",
    } as never);
    expectKey(idOf(imodel, "z"), ["Item", "z", subjectKey]);
  });

  it("is its code where it stands for nothing, by the names on the way from the root Subject", () => {
    expectKey(job.model, { code: ["bis:InformationPartitionElement", "Model", subjectKey] });
    const spec = imodel.codeSpecs.insert("Tag", CodeScopeSpec.Type.Model);
    const id = add({ code: { spec, scope: job.model, value: "T-1" } });
    const model: ElementKey = { code: ["bis:InformationPartitionElement", "Model", subjectKey] };
    expectKey(id, { code: ["Tag", "T-1", model] });
    expect(new ElementKeys(imodel).find({ code: ["Tag", "T-2", model] })).to.equal(undefined);
    expect(new ElementKeys(imodel).find({ code: ["No such spec", "T-1", model] })).to.equal(undefined);
  });

  it("is its federation GUID where there is nothing else", () => {
    const id = add({});
    const [row] = query(imodel, `SELECT FederationGuid g FROM bis.Element WHERE ECInstanceId=${id}`);
    expectKey(id, row!.g as string);
  });

  it("ends where scopes go round in a circle", () => {
    job.run([{ id: "a" }]);
    job.run([{ id: "a" }, { id: "b", scope: idOf(imodel, "a") }]);
    const b = { id: idOf(imodel, "b")!, relClassName: "BisCore:ElementScopesExternalSourceIdentifier" };
    const [row] = query(imodel, "SELECT ECInstanceId FROM bis.ExternalSourceAspect WHERE Identifier='a'");
    const aspect = imodel.elements.getAspect(row!.id as Id64String).toJSON();
    imodel.elements.updateAspect({ ...aspect, scope: b } as never);
    expect(new ElementKeys(imodel).keyOf(b.id)).to.deep.equal(["Item", "b", ["Item", "a", ""]]);
  });

  function add(props: object): Id64String {
    return imodel.elements.insertElement({
      classFullName: "Generic:PhysicalObject",
      model: job.model,
      category: job.category,
      code: { spec: "0x1", scope: "0x1" },
      ...props,
    } as never);
  }
});
