import { startHost } from "../../imodel/host.js";

/** The time that a check or a hook may take, in milliseconds. Most take a second; on a slow machine they take longer. */
const timeout = 600_000;

/** What is used of mocha: its global functions, so that the package does not depend on it. */
export interface Mocha {
  describe: (title: string, body: (this: MochaContext) => void) => void;
  it: (title: string, body: (this: MochaContext) => Promise<void>) => void;
  before: (body: () => Promise<void>) => void;
  after: (body: () => Promise<void> | undefined) => void;
}

/** The suite that is being described, or the test that is being run. */
export interface MochaContext {
  timeout(milliseconds: number): unknown;
  skip(): never;
}

/** The functions of mocha, in a file that mocha runs. */
export function mochaFunctions(): Mocha {
  const found = globalThis as unknown as Mocha;
  if (typeof found.describe === "function" && typeof found.it === "function") return found;
  throw new Error("describeConnector is for test files that mocha runs; elsewhere use checkConnector");
}

/**
 * A suite with one backend for all of its tests, because a start takes a second. Its tests and hooks get the time that a
 * slow machine needs, whatever limit mocha is started with.
 */
export function describeOnHost(title: string, body: () => void): void {
  const { describe, before, after } = mochaFunctions();
  describe(title, function () {
    this.timeout(timeout);
    let stopHost: (() => Promise<void>) | undefined;
    before(async () => {
      stopHost = await startHost();
    });
    after(() => stopHost?.());
    body();
  });
}
