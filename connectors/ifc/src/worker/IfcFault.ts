/** What ends the reading of a file: the making of a ConnectorError, which the worker does not load. */
export interface FaultDescription {
  /** Without the scope, such as `cut-off`. */
  readonly key: string;
  readonly message: string;
  readonly advice: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** A fault of the file, thrown within the worker. */
export class IfcFault extends Error {
  public constructor(public readonly description: FaultDescription) {
    super(description.message);
  }
}
