import { GenericSchema, PhysicalModel, SnapshotDb, SpatialCategory, type Element } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type GeometricElement3dProps } from "@itwin/core-common";
import { expect } from "chai";
import { ItemState, Synchronizer, type SynchronizationResults } from "itwin-connector-framework";
import { createIModel, query } from "../support/iModels.js";

/** A part as a connector gives it. */
interface Part {
  label: string;
  state: ItemState;
  props?: Partial<GeometricElement3dProps>;
  parts?: Part[];
}

const { New, Changed, Unchanged } = ItemState;
const guid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";

describe("A part that is marked Unchanged", () => {
  let imodel: SnapshotDb;
  let model: Id64String;
  let category: Id64String;

  beforeEach(async () => {
    imodel = createIModel();
    await imodel.importSchemas([GenericSchema.schemaFilePath]);
    model = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Model");
    category = SpatialCategory.insert(imodel, IModel.dictionaryId, "Category", {});
  });

  afterEach(() => imodel.close());

  const element = ({ label, props }: Part): Element =>
    imodel.constructEntity<Element>({
      classFullName: "Generic:PhysicalObject",
      model,
      category,
      code: Code.createEmpty(),
      userLabel: label,
      ...props,
    });
  const treeOf = (part: Part): SynchronizationResults => ({
    element: element(part),
    itemState: part.state,
    ...(part.parts && { childElements: part.parts.map(treeOf) }),
  });
  /** Writes an assembly of these parts. */
  const write = (...parts: Part[]) => {
    const sync = new Synchronizer(imodel, false);
    const item = { id: "1", checksum: JSON.stringify(parts) };
    const { state } = sync.detectChanges(IModel.rootSubjectId, "Assembly", item);
    sync.updateIModel(treeOf({ label: "top", state, parts }), IModel.rootSubjectId, item, "Assembly");
    return sync.statistics;
  };
  const rows = () =>
    query(imodel, "SELECT ECInstanceId, UserLabel FROM generic.PhysicalObject ORDER BY ECInstanceId").slice(1);
  const labels = () => rows().map((row) => row.userLabel);
  const ids = () => rows().map((row) => row.id as Id64String);
  const inOrder = (state: ItemState, ...names: string[]) => names.map((label) => ({ label, state }));

  it("is written where only its place in the order tells which one it is", () => {
    write(...inOrder(New, "a", "b"));
    const before = ids();
    const statistics = write(...inOrder(Unchanged, "b", "c"));
    expect(labels()).to.deep.equal(["b", "c"]);
    expect(ids()).to.deep.equal(before);
    expect(statistics).to.include({ elementsUpdated: 3, elementsInserted: 0, elementsDeleted: 0 });
  });

  it("is written in order also where there are more or fewer than before", () => {
    write(...inOrder(New, "a", "b"));
    write(...inOrder(Unchanged, "b", "c", "d"));
    expect(labels()).to.deep.equal(["b", "c", "d"]);
    write(...inOrder(Unchanged, "d"));
    expect(labels()).to.deep.equal(["d"]);
  });

  it("is written in order below another part too", () => {
    write({ label: "a", state: New, parts: inOrder(New, "a1", "a2") });
    write({ label: "b", state: Unchanged, parts: inOrder(Unchanged, "a2", "b1") });
    expect(labels()).to.deep.equal(["b", "a2", "b1"]);
  });

  it("is not written where its element id tells which one it is", () => {
    write(...inOrder(New, "a", "b"));
    const [first, second] = ids();
    const statistics = write(
      { label: "not written", state: Unchanged, props: { id: second } },
      { label: "A", state: Changed, props: { id: first } },
    );
    expect(labels()).to.deep.equal(["A", "b"]);
    expect(statistics).to.include({ elementsUpdated: 2, elementsInserted: 0, elementsDeleted: 0 });
  });

  for (const [what, props] of [
    ["federation GUID", () => ({ federationGuid: guid })],
    ["code", () => ({ code: new Code({ spec: "0x1", scope: "0x1", value: "A-1" }) })],
  ] as const)
    it(`is not written where its ${what} tells which one it is`, () => {
      write({ label: "a", state: New, props: props() }, { label: "b", state: New });
      write({ label: "c", state: Unchanged }, { label: "not written", state: Unchanged, props: props() });
      expect(labels()).to.deep.equal(["a", "c"]);
    });

  it("keeps its own parts where it brings none along", () => {
    write({ label: "a", state: New, props: { federationGuid: guid }, parts: inOrder(New, "a1") });
    write({ label: "a", state: Unchanged, props: { federationGuid: guid } });
    expect(labels()).to.deep.equal(["a", "a1"]);
    write({ label: "a", state: Changed, props: { federationGuid: guid } });
    expect(labels()).to.deep.equal(["a"]);
  });
});
