import { basename } from "node:path";
import { conformanceChecks, runCheck, type ConnectorUnderTest } from "./conformance.js";
import { describeOnHost, mochaFunctions } from "./bench/mocha.js";

/**
 * How a connector is tested with mocha.
 * @public
 */
export interface DescribeConnectorOptions {
  /** Names of checks to leave out, such as `memory`, which writes 60 MB and takes longer than all others. Default: none. */
  without?: readonly string[];
}

/**
 * Tests a connector with mocha: a suite with a test for each check of the conformance suite. A check that the sample is
 * not made for is pending.
 * @public
 */
export function describeConnector(subject: ConnectorUnderTest, { without = [] }: DescribeConnectorOptions = {}): void {
  const { it } = mochaFunctions();
  describeOnHost(`the connector ${basename(subject.connectorModule)}`, () => {
    for (const { name, title } of conformanceChecks)
      it(title, async function () {
        if (without.includes(name)) this.skip();
        const { state, message } = await runCheck(name, subject);
        if (state === "failed") throw new Error(message);
        if (state === "skipped") this.skip();
      });
  });
}
