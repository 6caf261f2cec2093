import { describeLocation, type SourceLocation } from "../../ConnectorError.js";

/**
 * An entity of the source that was skipped.
 * @public
 */
export interface RejectedItem {
  /** What sort of entity it is. */
  kind: string;
  /** Its identifier, unique for its kind within its scope. */
  identifier: string;
  /** Why it was skipped: the code and the message of the error. */
  reason: { code: string; message: string };
  /** Where it is in the source. */
  place?: SourceLocation;
  /** What the source says of it. */
  data?: unknown;
}

/** A rejected item in one sentence. */
export function describeRejected({ kind, identifier, reason, place }: RejectedItem): string {
  const where = describeLocation(place);
  return `${where && `${where}: `}${kind} "${identifier}" was skipped: ${reason.message}`;
}
