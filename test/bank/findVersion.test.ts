import { expect } from "chai";
import { findVersion } from "../../src/bank/findVersion.js";
import { BankTimeline } from "./BankTimeline.js";

describe("A version of an iModel", () => {
  let timeline: BankTimeline;
  before(async () => {
    timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"] });
    await timeline.sync();
  });

  it("is found by its index, its name and the id of its changeset, and is the latest without any", () => {
    const { bank, iModelId } = timeline;
    const { id } = bank.latest(iModelId);
    bank.nameVersion(iModelId, 1, "As built 2");
    for (const version of ["1", "As built 2", id, id.toUpperCase(), "latest", undefined])
      expect(findVersion(bank, iModelId, version), version).to.include({ index: 1, id });
    expect(findVersion(bank, iModelId, "0")).to.include({ index: 0 });
    for (const version of ["2", "As built", "0".repeat(40), "9".repeat(12)])
      expect(() => findVersion(bank, iModelId, version), version).to.throw(`kit has no version ${version}.`);
  });

  for (const name of ["1", "12345678901", "latest", "0123456789abcdef0123456789ABCDEF01234567", "", " "])
    it(`cannot be named "${name}", which would hide another one or be hidden by it`, () => {
      const { bank, iModelId } = timeline;
      expect(() => bank.nameVersion(iModelId, 0, name)).to.throw(`"${name}" cannot be the name of a version.`);
    });
});
