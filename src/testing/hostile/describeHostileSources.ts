import { basename } from "node:path";
import { useHost } from "../describeConnector.js";
import { mochaFunctions } from "../mocha.js";
import { HostileBench, type HostileSubject } from "./checkHostile.js";

/** A source takes a second, the large ones some more. */
const timeout = 120_000;

/**
 * Tests with mocha that a connector holds against hostile sources: a suite with a test for each source.
 * @beta
 */
export function describeHostileSources(subject: HostileSubject): void {
  const { describe, it, before, after } = mochaFunctions();
  describe(`the connector ${basename(subject.connectorModule)} on a hostile source`, () => {
    useHost();
    let bench: HostileBench | undefined;
    before(async () => {
      bench = await HostileBench.open(subject);
    });
    after(async () => bench?.dispose());
    for (const source of subject.sources)
      it(`synchronizes or refuses ${source.title}`, async function () {
        this.timeout(timeout);
        await bench!.check(source);
      });
  });
}
