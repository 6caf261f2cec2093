import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import type { CodeProps } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import { readProvenanceOf } from "../provenance/provenanceQueries.js";

/** That an element wants a value which another one has. */
interface Conflict {
  /** The element that wants it. */
  id: Id64String;
  /** The element that has it. */
  holderId: Id64String;
  /** The value, where it is a code. */
  code?: CodeProps;
  /** The value, where it is a federation GUID. */
  federationGuid?: GuidString;
}

/** The error for a code or federation GUID that two elements want, with the items that both stand for. */
export function valueInUse(imodel: IModelDb, { id, holderId, code, federationGuid }: Conflict): ConnectorError {
  const [kind, what] =
    code === undefined
      ? ["federation-guid", `federation GUID ${federationGuid}`]
      : ["code", describeCode(imodel, code)];
  const [wanting, having] = [describeElement(imodel, id), describeElement(imodel, holderId)];
  return new ConnectorError(`sync/${kind}-in-use`, `${wanting} cannot have the ${what}, because ${having} has it.`, {
    source: { entity: readProvenanceOf(imodel, [id])[0]?.identifier },
    advice:
      "Give each one of its own in the source. If the other one is gone from the source, let the run detect deletions.",
  });
}

function describeCode(imodel: IModelDb, { spec, value }: CodeProps): string {
  return `code "${value}" of ${imodel.codeSpecs.getById(spec).name}`;
}

/** The item that an element stands for, or that it is a part of; else the element itself. */
function describeElement(imodel: IModelDb, elementId: Id64String): string {
  const own = describeItem(imodel, elementId);
  if (own !== undefined) return own;
  const { classFullName, userLabel, parent } = imodel.elements.getElementProps(elementId);
  const whole = parent && describeOwner(imodel, parent.id);
  const label = userLabel ? ` "${userLabel}"` : "";
  return whole === undefined
    ? `the ${classFullName}${label} (${elementId}), which stands for no item,`
    : `the part ${classFullName}${label} of ${whole}`;
}

function describeOwner(imodel: IModelDb, elementId: Id64String): string | undefined {
  const parent = imodel.elements.getElementProps(elementId).parent;
  return describeItem(imodel, elementId) ?? (parent && describeOwner(imodel, parent.id));
}

function describeItem(imodel: IModelDb, elementId: Id64String): string | undefined {
  const [item] = readProvenanceOf(imodel, [elementId]);
  return item && `${item.kind} "${item.identifier}"`;
}
