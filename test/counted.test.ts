import { expect } from "chai";
import { counted, pluralOf } from "../src/counted.js";

describe("a number of things", () => {
  it("is read as a person says it", () => {
    const texts = [counted(1, "row"), counted(0, "row"), counted(1200, "box"), counted(2, "file", "pieces")];
    expect(texts).to.deep.equal(["1 row", "0 rows", "1,200 boxes", "2 pieces"]);
  });

  for (const [one, many] of [
    ["geometry in the place of features", "geometries in the place of features"],
    ["unit of a column", "units of a column"],
    ["table of a virtual table", "tables of a virtual table"],
    ["hidden sheet", "hidden sheets"],
    ["class", "classes"],
    ["parts", "parts"],
    ["IfcDoor", "IfcDoor"],
    ["key", "keys"],
  ] as const)
    it(`has a plural: ${many}`, () => {
      expect(pluralOf(one)).to.equal(many);
    });
});
