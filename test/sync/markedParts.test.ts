import { ExternalSourceAspect, GenericSchema, SnapshotDb, type Element } from "@itwin/core-backend";
import { Code, IModel } from "@itwin/core-common";
import { expect } from "chai";
import { ItemState, type SynchronizationResults } from "itwin-connector-framework";
import { createIModel, query } from "../support/iModels.js";
import { idOf, Job } from "./Job.js";

/** Labels of parts, with those of their own parts. */
type Parts = Readonly<Record<string, readonly string[]>>;

describe("A part that another program has marked with provenance of its own", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    imodel = createIModel();
    await imodel.importSchemas([GenericSchema.schemaFilePath]);
    job = new Job(imodel, "one");
    run({ p: ["n"], q: [] });
    mark("p");
    mark("n");
  });
  afterEach(() => imodel.close());

  const mark = (label: string) =>
    imodel.elements.insertAspect({
      classFullName: ExternalSourceAspect.classFullName,
      element: { id: idOf(imodel, label) },
      scope: { id: IModel.rootSubjectId },
      kind: "Cmms",
      identifier: label,
    } as never);
  const labels = () =>
    query(imodel, "SELECT UserLabel FROM bis.PhysicalElement ORDER BY UserLabel").map((row) => row.userLabel);
  const treeOf = (userLabel: string, itemState: ItemState, childElements: SynchronizationResults[]) => ({
    element: imodel.constructEntity<Element>({
      classFullName: "Generic:PhysicalObject",
      model: job.model,
      category: job.category,
      code: userLabel === "whole" ? Code.createEmpty() : new Code({ spec: "0x1", scope: "0x1", value: userLabel }),
      userLabel,
    } as never),
    itemState,
    childElements,
  });
  const run = (parts?: Parts) => {
    const sync = job.start();
    if (parts !== undefined) {
      const item = { id: "whole", checksum: JSON.stringify(parts) };
      const { state } = sync.detectChanges(job.subjectId, "Item", item);
      const children = Object.entries(parts).map(([label, below]) =>
        treeOf(
          label,
          state,
          below.map((each) => treeOf(each, state, [])),
        ),
      );
      sync.updateIModel(treeOf("whole", state, children), job.subjectId, item, "Item");
    }
    sync.detectDeletedElements();
    imodel.saveChanges();
    return sync.statistics;
  };

  it("stays while its item is unchanged, and when it changes", () => {
    expect(run({ p: ["n"], q: [] })).to.include({ elementsDeleted: 0 });
    expect(run({ p: ["n"], r: [] })).to.include({ elementsDeleted: 1 });
    expect(labels()).to.deep.equal(["n", "p", "r", "whole"]);
    expect(query(imodel, "SELECT Identifier FROM bis.ExternalSourceAspect WHERE Kind='Cmms'")).to.have.lengthOf(2);
  });

  for (const [what, parts, left] of [
    ["its item", undefined, []],
    ["the list of parts", { q: [] }, ["q", "whole"]],
    ["the list of the parts of a part", { p: [], q: [] }, ["p", "q", "whole"]],
  ] as const)
    it(`goes when it vanishes with ${what}`, () => {
      const { issues } = run(parts);
      expect(labels()).to.deep.equal(left);
      expect(issues).to.deep.equal([]);
    });
});
