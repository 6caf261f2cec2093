import { basename } from "node:path";
import { startHost } from "../imodel/host.js";
import { conformanceChecks, runCheck, type ConnectorUnderTest } from "./conformance.js";
import { mochaFunctions } from "./mocha.js";

/** A check takes seconds, with a large source some more. */
const timeout = 300_000;

/**
 * How a connector is tested with mocha.
 * @beta
 */
export interface DescribeConnectorOptions {
  /** Names of checks to leave out, such as `memory`, which writes 60 MB and takes longer than all others. Default: none. */
  without?: readonly string[];
}

/**
 * Tests a connector with mocha: a suite with a test for each check of the conformance suite. A check that the sample is
 * not made for is pending.
 * @beta
 */
export function describeConnector(subject: ConnectorUnderTest, { without = [] }: DescribeConnectorOptions = {}): void {
  const { describe, it } = mochaFunctions();
  describe(`the connector ${basename(subject.connectorModule)}`, () => {
    useHost();
    for (const { name, title } of conformanceChecks)
      it(title, async function () {
        if (without.includes(name)) this.skip();
        this.timeout(timeout);
        const { state, message } = await runCheck(name, subject);
        if (state === "failed") throw new Error(message);
        if (state === "skipped") this.skip();
      });
  });
}

/** One backend for all tests of a suite; starting it takes a second. */
export function useHost(): void {
  const { before, after } = mochaFunctions();
  let stopHost: (() => Promise<void>) | undefined;
  before(async function () {
    this.timeout(timeout);
    stopHost = await startHost();
  });
  after(() => stopHost?.());
}
