/**
 * Categories under which this package logs through `Logger` of `@itwin/core-bentley`.
 *
 * The library never configures the logger; that is up to the program that uses it
 * (the command line `connector-runner` does so with `--verbose`).
 * @public
 */
export enum ConnectorLoggerCategory {
  /** Everything that the framework itself has to say about a run. */
  Framework = "itwin-connector.Framework",
}
