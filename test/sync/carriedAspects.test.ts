import { ExternalSourceAspect, SnapshotDb } from "@itwin/core-backend";
import { IModel, type ExternalSourceAspectProps } from "@itwin/core-common";
import { expect } from "chai";
import { ItemState } from "itwin-connector-framework";
import { query } from "../support/iModels.js";
import { addElement, codesOf, createScene, idOf, parentOf, sampleSchema, Job, type Item } from "./Job.js";

const classes = `
  <ECEntityClass typeName="Remark"><BaseClass>bis:ElementMultiAspect</BaseClass>
    <ECProperty propertyName="Text" typeName="string"/></ECEntityClass>
  <ECStructClass typeName="Amount"><ECProperty propertyName="Serial" typeName="long"/>
    <ECProperty propertyName="Share" typeName="double"/></ECStructClass>
  <ECEntityClass typeName="Serial"><BaseClass>bis:ElementMultiAspect</BaseClass>
    <ECProperty propertyName="Serial" typeName="long"/><ECProperty propertyName="Share" typeName="double"/>
    <ECProperty propertyName="Point" typeName="point3d"/><ECArrayProperty propertyName="Longs" typeName="long"/>
    <ECStructProperty propertyName="Nested" typeName="Amount"/>
    <ECStructArrayProperty propertyName="NestedAll" typeName="Amount"/></ECEntityClass>
  <ECEntityClass typeName="WorkOrder"><BaseClass>bis:ElementMultiAspect</BaseClass>
    <ECProperty propertyName="Text" typeName="string"/>
    <ECNavigationProperty propertyName="Replaces" relationshipName="OrderReplaces" direction="forward"/></ECEntityClass>
  <ECRelationshipClass typeName="OrderReplaces" modifier="None" strength="referencing">
    <Source multiplicity="(0..*)" roleLabel="replaces" polymorphic="true"><Class class="WorkOrder"/></Source>
    <Target multiplicity="(0..1)" roleLabel="is replaced by" polymorphic="true"><Class class="bis:Element"/></Target>
  </ECRelationshipClass>
  <ECRelationshipClass typeName="Weighs" modifier="None" strength="referencing">
    <BaseClass>bis:ElementRefersToElements</BaseClass><ECProperty propertyName="Serial" typeName="long"/>
    <Source multiplicity="(0..*)" roleLabel="weighs" polymorphic="true"><Class class="bis:Element"/></Source>
    <Target multiplicity="(0..*)" roleLabel="is weighed by" polymorphic="true"><Class class="bis:Element"/></Target>
  </ECRelationshipClass>
  <ECEntityClass typeName="Price"><BaseClass>bis:ElementUniqueAspect</BaseClass>
    <ECProperty propertyName="Amount" typeName="double"/></ECEntityClass>`;
const asPump = { props: { classFullName: "Sample:Pump" } };

describe("The aspects of other programs on an element that is replaced", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    ({ imodel, job } = await createScene(sampleSchema(classes), sampleSchema(classes, "Own")));
  });

  afterEach(() => imodel.close());

  const put = (label: string, classFullName: string, props: object) =>
    imodel.elements.insertAspect({ classFullName, element: { id: idOf(imodel, label) }, ...props } as never);
  const putProvenance = (label: string, props: Partial<ExternalSourceAspectProps> = {}) =>
    put(label, ExternalSourceAspect.classFullName, {
      scope: { id: IModel.rootSubjectId },
      kind: "Cmms",
      identifier: "WO-17",
      ...props,
    });
  const rows = (columns: string, aspect: string) =>
    query(
      imodel,
      `SELECT e.UserLabel label, ${columns} FROM ${aspect} a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id`,
    );

  it("are carried over: provenance, multi aspects and unique aspects", () => {
    job.run([{ id: "p" }]);
    putProvenance("p", { jsonProperties: '{"order":17}', version: "3" });
    put("p", "Sample:Remark", { text: "first" });
    put("p", "Sample:Remark", { text: "second" });
    put("p", "Sample:Price", { amount: 5 });
    const sync = job.run([{ id: "p", ...asPump }]);
    expect(sync.statistics).to.include({ replaced: 1 });
    expect(codesOf(sync)).to.deep.equal([]);
    expect(
      rows("a.Identifier, a.Version, a.JsonProperties", "(SELECT * FROM bis.ExternalSourceAspect WHERE Kind='Cmms')"),
    ).to.deep.equal([{ label: "p", identifier: "WO-17", version: "3", jsonProperties: '{"order":17}' }]);
    expect(rows("a.Text", "Sample.Remark")).to.deep.equal([
      { label: "p", text: "first" },
      { label: "p", text: "second" },
    ]);
    expect(rows("a.Amount", "Sample.Price")).to.deep.equal([{ label: "p", amount: 5 }]);
    expect(query(imodel, "SELECT Identifier FROM bis.ExternalSourceAspect WHERE Kind='Item'")).to.have.length(1);
  });

  for (const long of ["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808", "-7"])
    it(`keep the long ${long} to the last digit, as do relationships`, () => {
      job.run([{ id: "p" }, { id: "q" }]);
      const point = { x: 1e20, y: 0, z: 0 };
      const nested = { serial: long, share: 1e20 };
      put("p", "Sample:Serial", {
        serial: long,
        share: 1e20,
        point,
        longs: [long, "3"],
        nested,
        nestedAll: [nested, { serial: "5" }],
      });
      imodel.relationships.insertInstance({
        classFullName: "Sample:Weighs",
        sourceId: idOf(imodel, "q")!,
        targetId: idOf(imodel, "p")!,
        serial: long,
      } as never);
      expect(codesOf(job.run([{ id: "p", ...asPump }, { id: "q" }]))).to.deep.equal([]);
      const digits =
        "CAST(a.Serial AS TEXT) digits, CAST(a.Nested.Serial AS TEXT) nested, a.Share, a.Nested.Share nestedShare, a.Point.x px";
      expect(rows(digits, "Sample.Serial").map((row) => Object.values(row))).to.deep.equal([
        ["p", long, long, 1e20, 1e20, 1e20],
      ]);
      expect(arraysOf("Sample.Serial")).to.deep.equal([long, "3", long, "5"]);
      expect(query(imodel, "SELECT CAST(Serial AS TEXT) digits FROM Sample.Weighs")).to.deep.equal([{ digits: long }]);
    });

  /** The longs in the arrays of an aspect. As texts, they are empty. */
  const arraysOf = (aspect: string): string[] =>
    imodel.withPreparedStatement(`SELECT Longs, NestedAll FROM ${aspect}`, (statement) => {
      statement.step();
      const [longs, inners] = [0, 1].map((column) => [...statement.getValue(column).getArrayIterator()]);
      const inner = inners!.flatMap((item) => [...item.getStructIterator()]);
      const all = [...longs!, ...inner.filter(({ columnInfo }) => columnInfo.getPropertyName() === "Serial")];
      return all.map((value) => BigInt.asIntN(64, BigInt(value.getId())).toString());
    });

  it("are carried over from its parts to the ones that take their place", () => {
    job.run([{ id: "p", parts: ["x", "y"] }]);
    put("y", "Sample:Remark", { text: "about y" });
    putProvenance("p", { scope: { id: idOf(imodel, "y")! } });
    expect(codesOf(job.run([{ id: "p", parts: ["x", "y"], ...asPump }]))).to.deep.equal([]);
    expect(rows("a.Text", "Sample.Remark")).to.deep.equal([{ label: "y", text: "about y" }]);
    expect(rows("a.Scope.Id", "(SELECT * FROM bis.ExternalSourceAspect WHERE Kind='Cmms')")).to.deep.equal([
      { label: "p", "scope.id": idOf(imodel, "y") },
    ]);
  });

  it("are reported when their element has no successor, or their scope has none", () => {
    job.run([{ id: "p", parts: ["x", "y"] }]);
    put("y", "Sample:Remark", { text: "about y" });
    putProvenance("p", { scope: { id: idOf(imodel, "y")! } });
    const sync = job.run([{ id: "p", parts: ["x"], ...asPump }]);
    expect(codesOf(sync)).to.deep.equal(["sync/aspect-lost", "sync/aspect-lost"]);
    const messages = sync.statistics.issues.map(({ message }) => message).join();
    expect(messages).to.contain("The Sample:Remark of element").and.to.contain("its element has no successor");
    expect(messages).to.contain("The BisCore:ExternalSourceAspect of element").and.to.contain("what it refers to");
  });

  it("do not come twice where the connector lists the aspects of a schema", () => {
    const write = (classFullName: string, checksum: string) => {
      const sync = job.start();
      const item = { id: "p", checksum };
      const { state } = sync.detectChanges(job.subjectId, "Item", item);
      const props = {
        classFullName,
        model: job.model,
        category: job.category,
        code: { spec: "0x1", scope: "0x1" },
        userLabel: "p",
      };
      const aspects = { schemas: ["Own"], props: [{ classFullName: "Own:Remark", text: checksum }] };
      sync.updateIModel(
        { element: imodel.constructEntity(props as never), itemState: state, aspects },
        job.subjectId,
        item,
        "Item",
      );
      return sync;
    };
    write("Generic:PhysicalObject", "1");
    put("p", "Sample:Remark", { text: "of others" });
    expect(codesOf(write("Sample:Pump", "2"))).to.deep.equal([]);
    expect(rows("a.Text", "own.Remark")).to.deep.equal([{ label: "p", text: "2" }]);
    expect(rows("a.Text", "Sample.Remark")).to.deep.equal([{ label: "p", text: "of others" }]);
  });

  it("include another item of the job, which stays known", () => {
    job.run([{ id: "p" }]);
    putProvenance("p", { scope: { id: job.subjectId }, kind: "Item", identifier: "q", checksum: "same" });
    const sync = job.start();
    const q = { id: "q", checksum: "same" };
    expect(sync.detectChanges(job.subjectId, "Item", q).state).to.equal(ItemState.Unchanged);
    const changed: Item = { id: "p", ...asPump };
    job.process(sync, changed);
    expect(sync.findItem(job.subjectId, "Item", "q")).to.include({ elementId: idOf(imodel, "p"), isSeen: true });
    sync.detectDeletedElements();
    expect(sync.statistics).to.include({ deleted: 0, replaced: 1 });
  });

  it("include what others have added below it", () => {
    job.run([{ id: "p", parts: ["x"] }]);
    addElement(imodel, job, "note", { parent: idOf(imodel, "p")! });
    addElement(imodel, job, "deep note", { parent: idOf(imodel, "x")! });
    const sync = job.run([{ id: "p", parts: ["x"], ...asPump }]);
    expect(codesOf(sync)).to.deep.equal([]);
    expect([parentOf(imodel, "note"), parentOf(imodel, "deep note"), parentOf(imodel, "x")]).to.deep.equal([
      "p",
      "x",
      "p",
    ]);
  });

  it("include what others have added below it, without a parent where that moves to another model", () => {
    job.run([{ id: "p" }]);
    addElement(imodel, job, "note", { parent: idOf(imodel, "p")! });
    const sync = job.run([{ id: "p", props: { model: new Job(imodel, "two").model } }]);
    expect(codesOf(sync)).to.deep.equal(["sync/child-left-behind"]);
    expect(parentOf(imodel, "note")).to.equal(undefined);
    expect(idOf(imodel, "note")).to.equal(sync.statistics.issues[0]!.elementId);
  });
});

describe("A navigation property of an aspect of another program", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    ({ imodel, job } = await createScene(sampleSchema(classes)));
  });

  afterEach(() => imodel.close());

  const order = (label: string, target: string) =>
    imodel.elements.insertAspect({
      classFullName: "Sample:WorkOrder",
      element: { id: idOf(imodel, label) },
      text: `of ${label}`,
      replaces: { id: idOf(imodel, target) },
    } as never);
  const orders = () =>
    query(imodel, "SELECT Element.Id e, Text, Replaces.Id t FROM Sample.WorkOrder ORDER BY ECInstanceId").map((row) => [
      row.e,
      row.text,
      row.t,
    ]);

  it("follows when the element that it leads to is replaced", () => {
    job.run([{ id: "p", parts: ["x"] }, { id: "q" }]);
    for (const [label, target] of [
      ["q", "p"],
      ["q", "x"],
      ["x", "p"],
      ["p", "q"],
    ] as const)
      order(label, target);
    const before = idOf(imodel, "p");
    expect(codesOf(job.run([{ id: "p", parts: ["x"], ...asPump }, { id: "q" }]))).to.deep.equal([]);
    const [p, q, x] = ["p", "q", "x"].map((label) => idOf(imodel, label));
    expect(p).to.not.equal(before);
    expect(orders()).to.have.deep.members([
      [q, "of q", p],
      [q, "of q", x],
      [x, "of x", p],
      [p, "of p", q],
    ]);
  });

  it("is reported when what it leads to has no successor", () => {
    job.run([{ id: "p", parts: ["x"] }, { id: "q" }]);
    order("q", "x");
    const sync = job.run([{ id: "p", parts: [], ...asPump }, { id: "q" }]);
    expect(codesOf(sync)).to.deep.equal(["sync/reference-lost"]);
    expect(sync.statistics.issues[0]!.elementId).to.equal(idOf(imodel, "q"));
  });

  it("keeps the element that it leads to, if it is on an element of another job", () => {
    const other = new Job(imodel, "two");
    other.run([{ id: "q" }]);
    job.run([{ id: "p" }]);
    order("q", "p");
    expect(codesOf(job.run([]))).to.deep.equal(["sync/kept-for-references"]);
    expect(orders()).to.deep.equal([[idOf(imodel, "q"), "of q", idOf(imodel, "p")]]);
  });
});
