import { basename } from "node:path";
import { mochaFunctions, useHost } from "../bench/mocha.js";
import { HostileBench, type HostileSubject } from "./checkHostile.js";

/** The time that a source may take, in milliseconds. Most take a second; on a slow machine they take longer. */
const timeout = 600_000;

/**
 * Tests with mocha that a connector holds against hostile sources: a suite with a test for each source.
 * @public
 */
export function describeHostileSources(subject: HostileSubject): void {
  const { describe, it, after } = mochaFunctions();
  describe(`the connector ${basename(subject.connectorModule)} on a hostile source`, () => {
    useHost();
    let opened: Promise<HostileBench> | undefined;
    const open = () => (opened ??= HostileBench.open(subject));
    after(async () => (await opened)?.dispose());
    for (const source of subject.sources)
      it(`synchronizes or refuses ${source.title}`, async function () {
        this.timeout(timeout);
        const bench = await open();
        await bench.check(source);
      });
  });
}
