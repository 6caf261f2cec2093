import { fileURLToPath } from "node:url";
import { hostileCsv } from "itwin-connector-framework/testing";
import { describeHostile } from "../../../test/support/hostile.js";

describeHostile({
  connectorModule: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
  ...hostileCsv(),
});
