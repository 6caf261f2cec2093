import { ConnectorError } from "../../ConnectorError.js";
import { describeValue } from "../values/ValueFault.js";

/** The error for a scope that is no element of the iModel. */
export function invalidScope(scopeId: unknown, item: string): ConnectorError {
  const message = `The scope of ${item} is ${describeValue(scopeId)}, which is no element of the iModel.`;
  return new ConnectorError("sync/invalid-scope", message, {
    advice: "Give the id of an element within which the item is unique, such as the RepositoryLink of its document.",
  });
}
