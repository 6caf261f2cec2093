import { fileURLToPath } from "node:url";
import { describeHostileSources, hostileCsv } from "itwin-connector-framework/testing";

describeHostileSources({
  connectorModule: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
  ...hostileCsv(),
});
