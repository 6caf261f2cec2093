import type { ErrorRecovery, SourceLocation } from "../../ConnectorError.js";

/** Whose values are checked, for messages. */
export interface ValueOwner {
  /** Such as `Pump "P-1"`, or what it is a part of. */
  readonly name: string;
  readonly location?: SourceLocation;
  /** Whether the run can go on without it. Default: `fatal`. */
  readonly recovery?: ErrorRecovery;
}
