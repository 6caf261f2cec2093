import { fileURLToPath } from "node:url";
import { describeConnector } from "itwin-connector-framework/testing";

// Paths are relative to the built test, lib/test/conformance.test.js.
describeConnector({
  connectorModule: fileURLToPath(new URL("../src/index.js", import.meta.url)),
  sampleDir: fileURLToPath(new URL("../../sample", import.meta.url)),
});
