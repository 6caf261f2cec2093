import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, type RunResult } from "itwin-connector-framework";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const connectorModule = fileURLToPath(new URL("../../docs/examples/pump-connector.js", import.meta.url));

describe("The connector of docs/stream-connectors.md", () => {
  it("brings in what its source has", async () => {
    const outputDir = temporaryFolder();
    const sourcePath = join(outputDir, "pumps.json");
    const run = async (pumps: object[]): Promise<RunResult> => {
      writeFileSync(sourcePath, JSON.stringify(pumps));
      const args = Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir });
      const runner = new ConnectorRunner(args);
      await runner.synchronize();
      if (runner.result.error !== undefined) throw runner.result.error;
      return runner.result;
    };
    const pumps = [
      { tag: "P1", power: 5, spare: "P2", feeds: ["P2"], station: "P3" },
      { tag: "P2", power: 4 },
    ];
    const first = await run([...pumps, { tag: "P3", power: 9 }, { tag: "P4", power: -1 }]);
    expect(first.counts.new).to.equal(3);
    expect(first.relationships.inserted).to.equal(1);
    expect(first.issues.map(({ code }) => code)).to.deep.equal(["pumps/power"]);
    const ecsql = `
      SELECT p.UserLabel, p.power, s.UserLabel spare, o.UserLabel station FROM Pumps.Pump p
      JOIN bis.Element s ON s.ECInstanceId=p.spare.Id JOIN bis.Element o ON o.ECInstanceId=p.Parent.Id`;
    expect(queryFile(join(outputDir, "pumps.bim"), ecsql)).to.deep.equal([
      { userLabel: "P1", power: 5, spare: "P2", station: "P3" },
    ]);
    const second = await run([...pumps, { tag: "P3", power: 10 }]);
    expect(second.counts).to.deep.equal({ new: 0, changed: 1, unchanged: 2, deleted: 0, replaced: 0 });
  });
});
