import { fileURLToPath } from "node:url";
import { describeConnector } from "itwin-connector-framework/testing";

describeConnector({
  connectorModule: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
  sampleDir: fileURLToPath(new URL("../sample", import.meta.url)),
});
