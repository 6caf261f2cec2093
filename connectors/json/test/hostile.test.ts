import { fileURLToPath } from "node:url";
import { hostileJson, hostileTablesAs, recordsOf } from "itwin-connector-framework/testing";
import { isLongTest } from "../../../test/support/long.js";
import { describeHostile } from "../../../test/support/hostile.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

describeHostile({ connectorModule, ...hostileJson() });

// The same tables as lines, a record on each: in the long form only, since most of what reads them is the same.
if (isLongTest)
  describeHostile({
    connectorModule,
    ...hostileTablesAs("hostile.jsonl", (table) =>
      recordsOf(table)
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(""),
    ),
  });
