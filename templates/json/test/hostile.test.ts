import { fileURLToPath } from "node:url";
import { describeHostileSources, hostileJson } from "itwin-connector-framework/testing";

describeHostileSources({
  connectorModule: fileURLToPath(new URL("../src/index.js", import.meta.url)),
  ...hostileJson(),
});
