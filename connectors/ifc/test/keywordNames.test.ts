import { expect } from "chai";
import { houseText } from "./house.js";
import { IfcTimeline } from "./support.js";

describe("Property sets and properties that are named like keywords of ECSQL", () => {
  it("get names that plain ECSQL can name, and keep them", async () => {
    const [wall] = /#\d+(?= *= *IFCWALL\()/.exec(houseText)!;
    const lines = [
      `#9001=IFCPROPERTYSINGLEVALUE('Value',$,IFCLABEL('b'),$);`,
      `#9002=IFCPROPERTYSET('3keywords0000000000001',$,'Order',$,(#9001));`,
      `#9003=IFCRELDEFINESBYPROPERTIES('3keywords0000000000002',$,$,$,(${wall}),#9002);`,
    ];
    const timeline = new IfcTimeline();
    await timeline.sync(houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`));
    expect(timeline.query("SELECT Value_ FROM Ifc.Order_")).to.deep.equal([{ value_: "b" }]);
    lines[0] = lines[0]!.replace("'b'", "'c'");
    await timeline.sync(houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`));
    expect(timeline.query("SELECT Value_ FROM Ifc.Order_")).to.deep.equal([{ value_: "c" }]);
  });
});
