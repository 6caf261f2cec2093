import type { GeometricElement3dProps } from "@itwin/core-common";
import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import type { Machine } from "./OtherIModel.js";
import { Takeover } from "./Takeover.js";

const first: Machine[] = [
  { id: "M1", bolts: ["A", { label: "B", nuts: ["B1", "B2"] }] },
  { id: "M2", bolts: ["C"] },
];
const [m1, m2] = first as [Machine, Machine];
const all = ["B/B1", "B/B2", "M1", "M1/A", "M1/B", "M2", "M2/C"];
const codesOf = ({ issues }: RunResult) => issues.map(({ code }) => code);

describe("An iModel of the first connector framework", () => {
  let takeover: Takeover;
  beforeEach(() => (takeover = new Takeover()));
  const style = () => takeover.style({ marksParts: false, hasSources: false });

  it("is continued without a change where nothing changed", async () => {
    await takeover.write(style(), first);
    expect((await takeover.run("1", first)).documents.unchanged).to.equal(1);
    expect((await takeover.run("2", first)).counts).to.include({ new: 0, changed: 0, unchanged: 2, deleted: 0 });
    expect(takeover.tree).to.deep.equal(all);
    expect([takeover.count("bis.RepositoryLink"), takeover.count("bis.ExternalSource")]).to.deep.equal([1, 1]);
  });

  for (const scope of ["link", "partition", "subject"] as const)
    it(`has its parts taken for those of the source, with items within the ${scope}`, async () => {
      takeover.options = { scope };
      await takeover.write({ ...style(), scope }, first);
      await takeover.run("1", first);
      const result = await takeover.run("2", [
        { id: "M1", bolts: ["A2", { label: "B", nuts: ["B3", "B4", "B5"] }] },
        m2,
      ]);
      expect(codesOf(result)).to.deep.equal([]);
      expect(takeover.tree).to.deep.equal(["B/B3", "B/B4", "B/B5", "M1", "M1/A2", "M1/B", "M2", "M2/C"]);
      await takeover.run("3", [{ id: "M1", bolts: ["A3"] }]);
      expect(takeover.tree).to.deep.equal(["M1", "M1/A3"]);
    });

  it("has its parts told apart by their codes as the iModel does, where case counts for letters beyond Z", async () => {
    const bolts = (...codes: string[]) => codes.map((code) => ({ label: `bolt ${code}`, code }));
    await takeover.write(style(), [{ id: "M1", bolts: bolts("Ä-1", "ä-1", "P-1") }]);
    const codes = () => takeover.query("SELECT ECInstanceId, CodeValue FROM bis.PhysicalElement WHERE Parent.Id>0");
    const [upper, lower, latin] = codes();
    const result = await takeover.run("2", [{ id: "M1", bolts: bolts("p-1", "ä-1", "Ä-1") }]);
    expect(codesOf(result)).to.deep.equal([]);
    expect(codes()).to.deep.equal([upper, lower, { ...latin, codeValue: "p-1" }]);
    expect(takeover.tree).to.deep.equal(["M1", "M1/bolt p-1", "M1/bolt Ä-1", "M1/bolt ä-1"]);
  });

  it("keeps children that may be parts that are gone, or may be somebody's, and reports them", async () => {
    await takeover.write(style(), first);
    const result = await takeover.run("2", [{ ...m1, bolts: ["A2"] }, m2]);
    expect(codesOf(result)).to.deep.equal(["sync/unknown-children"]);
    expect(result.issues[0]?.message).to.match(
      /^The child 0x\w+ of element 0x\w+ was kept: the source has no such part, but the iModel does not record that the /,
    );
    expect(takeover.tree).to.deep.equal(["B/B1", "B/B2", "M1", "M1/A2", "M1/B", "M2", "M2/C"]);
  });

  it("keeps its items apart from those that this framework has written", async () => {
    await takeover.run("1", [{ id: "M1", bolts: [] }]);
    takeover.edit((imodel) => {
      const [id] = imodel.queryEntityIds({ from: "bis.PhysicalElement" });
      const { model, category, code } = imodel.elements.getElementProps<GeometricElement3dProps>(id!);
      const props = { classFullName: "Generic:PhysicalObject", model, category, code, userLabel: "added" };
      const parent = { id: id!, relClassName: "BisCore:ElementOwnsChildElements" };
      imodel.elements.insertElement({ ...props, parent });
    });
    const result = await takeover.run("2", [{ id: "M1", bolts: ["A"] }]);
    expect(codesOf(result)).to.deep.equal([]);
    expect(takeover.tree).to.deep.equal(["M1", "M1/A", "M1/added"]);
  });
});
