import { startHost } from "../../imodel/host.js";

/** The time that a check may take, in milliseconds. Most checks take seconds; a large source takes longer. */
export const checkTimeout = 600_000;

/** What is used of mocha: its global functions, so that the package does not depend on it. */
export interface Mocha {
  describe: (title: string, body: () => void) => void;
  it: (title: string, body: (this: MochaContext) => Promise<void>) => void;
  before: (body: (this: MochaContext) => Promise<void>) => void;
  after: (body: () => Promise<void> | undefined) => void;
}

/** The test that is being run. */
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

/** Starts one backend for all tests of a suite, because a start takes a second. */
export function useHost(): void {
  const { before, after } = mochaFunctions();
  let stopHost: (() => Promise<void>) | undefined;
  before(async function () {
    this.timeout(checkTimeout);
    stopHost = await startHost();
  });
  after(() => stopHost?.());
}
