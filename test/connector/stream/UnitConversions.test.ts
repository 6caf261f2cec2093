import type { Element } from "@itwin/core-backend";
import { Code } from "@itwin/core-common";
import { expect } from "chai";
import { importDescription } from "../../../src/connector/schema/importSchemas.js";
import { UnitConversions } from "../../../src/connector/schema/UnitConversions.js";
import { createIModel } from "../../support/iModels.js";

describe("The conversions of a schema", () => {
  it("give a copy of an element with other values, and of props", async () => {
    const imodel = createIModel();
    try {
      const conversions = new UnitConversions();
      const properties = [{ name: "Width", type: "double" as const, unit: "M", sourceUnit: "MM" }];
      const classes = [{ name: "Wall", properties }, { name: "Door" }];
      await importDescription(imodel, { name: "Own", classes }, "test", conversions);
      const made = (className: string) =>
        imodel.constructEntity<Element & { width: number }>({
          classFullName: `Own:${className}`,
          model: "0x1",
          code: Code.createEmpty(),
          width: 240,
        } as never);
      const [wall, door] = [made("Wall"), made("Door")];
      const converted = conversions.convertElement(wall);
      expect([wall.width, converted.width, converted.classFullName]).to.deep.equal([240, 0.24, "Own:Wall"]);
      expect(converted).to.be.instanceOf(wall.constructor);
      expect(conversions.convertElement(door)).to.equal(door);

      const props = Object.freeze({ classFullName: "Own.Wall", width: 240 });
      expect(conversions.convert("Own.Wall", props)).to.deep.equal({ classFullName: "Own.Wall", width: 0.24 });
      const others = { width: null };
      expect(conversions.convert("own:wall", others)).to.deep.equal(others);
      expect(conversions.convert("Own:Door", props)).to.equal(props);
    } finally {
      imodel.close();
    }
  });
});
