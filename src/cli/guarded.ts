import { ConnectorError, messageOf } from "../ConnectorError.js";
import { guardProcess } from "../run/guardProcess.js";
import type { ExitCode } from "./exitCodes.js";

/** Makes a command end with an error where code that it loads, such as a connector, would end the process or never finish. */
export function guarded<Flags>(run: (flags: Flags) => Promise<ExitCode>): (flags: Flags) => Promise<ExitCode> {
  return async (flags) =>
    new Promise((resolve, reject) => {
      const work = () =>
        guardProcess(
          () => run(flags),
          (error) => reject(strayError(error)),
        );
      work().then(resolve, reject);
    });
}

function strayError(error: unknown): ConnectorError {
  const advice = "Fix the code that was run, such as the connector. --verbose shows where it fails.";
  return new ConnectorError("usage/stray", `The command failed: ${messageOf(error)}`, { cause: error, advice });
}
