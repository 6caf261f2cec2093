import { fileURLToPath } from "node:url";
import { describeConnector } from "itwin-connector-framework/testing";
import { isLongTest } from "../../../test/support/long.js";

describeConnector(
  {
    connectorModule: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
    sampleDir: fileURLToPath(new URL("../sample", import.meta.url)),
  },
  { without: isLongTest ? [] : ["memory"] }, // that of the connector for CSV is always checked
);
