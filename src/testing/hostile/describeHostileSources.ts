import { basename } from "node:path";
import { describeOnHost, mochaFunctions } from "../bench/mocha.js";
import { HostileBench, type HostileSubject } from "./checkHostile.js";

/**
 * Tests with mocha that a connector holds against hostile sources: a suite with a test for each source.
 * @public
 */
export function describeHostileSources(subject: HostileSubject): void {
  const { it, after } = mochaFunctions();
  describeOnHost(`the connector ${basename(subject.connectorModule)} on a hostile source`, () => {
    let opened: Promise<HostileBench> | undefined;
    const open = () => (opened ??= HostileBench.open(subject));
    after(async () => (await opened)?.dispose());
    for (const source of subject.sources)
      it(`synchronizes or refuses ${source.title}`, async () => {
        const bench = await open();
        await bench.check(source);
      });
  });
}
