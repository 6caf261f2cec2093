import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const connectorModule = fileURLToPath(new URL("../../docs/examples/duct-connector.js", import.meta.url));

describe("The connector of docs/stream-connectors.md, for units,", () => {
  for (const [flowUnit, expected] of [
    ["m³/h", "u:CUB_M_PER_HR"],
    ["buckets/h", undefined],
  ])
    it(`converts what its source has, with flows in ${flowUnit}`, async () => {
      const outputDir = temporaryFolder();
      const sourcePath = join(outputDir, "ducts.json");
      const ducts = [{ id: "D1", width: 240, length: 1250, air: 68, flow: 90 }];
      writeFileSync(sourcePath, JSON.stringify({ flowUnit, ducts }));
      const args = Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir });
      const runner = new ConnectorRunner(args);
      await runner.synchronize();
      if (runner.result.error !== undefined) throw runner.result.error;
      const iModel = join(outputDir, "ducts.bim");
      expect(queryFile(iModel, "SELECT width, length, air, flow FROM Ducts.Duct")).to.deep.equal([
        { width: 240, length: 1.25, air: 20, flow: 90 },
      ]);
      const units = queryFile(
        iModel,
        `SELECT p.Name, k.PersistenceUnit unit FROM meta.ECPropertyDef p
         JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id`,
      );
      expect(Object.fromEntries(units.map(({ name, unit }) => [name, unit]))).to.deep.equal({
        width: "u:MM",
        length: "u:M",
        air: "u:CELSIUS",
        ...(expected && { flow: expected }),
      });
    });
});
