import type { Element, IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code } from "@itwin/core-common";
import { readIdentities, scopeIdOf } from "../../imodel/elementQueries.js";
import { ElementKeys } from "./ElementKeys.js";
import type { KnownItem } from "./provenanceQueries.js";

/** What names a part. */
type NamedPart = Pick<Element, "code"> & Partial<Pick<Element, "federationGuid">>;

/**
 * The identifiers of parts in their provenance. They have no ids in them, so that they stay true when the iModel is copied.
 * Version 0.1 has written the ids of CodeSpec and scope, `0x1f/0x2c/A-1`.
 */
export class PartNames {
  private readonly _keys: ElementKeys;

  public constructor(private readonly _imodel: IModelDb) {
    this._keys = new ElementKeys(_imodel);
  }

  /**
   * The identifier that a part brings along: its federation GUID; else its code as JSON, by the name of its CodeSpec, the
   * value and, unless that is the parent, the {@link ElementKeys | key} of the scope.
   */
  public of({ federationGuid, code }: NamedPart, parentId: Id64String): string | undefined {
    if (federationGuid) return federationGuid;
    const { spec, value } = code;
    const { codeSpecs } = this._imodel;
    const scope = value ? scopeIdOf(this._imodel, code) : undefined;
    if (scope === undefined || !codeSpecs.hasId(spec)) return undefined; // the iModel refuses such a code
    const { name } = codeSpecs.getById(spec);
    return JSON.stringify(scope === parentId ? [name, value] : [name, value, this._keys.keyOf(scope)]);
  }

  /** What parts are called now, by the ids of their elements, also those that version 0.1 has named. */
  public namesOf(parts: readonly KnownItem[], parentId: Id64String): Map<Id64String, string> {
    const names = new Map(parts.map(({ identifier, record }) => [record.elementId, identifier]));
    const old = parts.filter(({ identifier }) => hasIds(identifier)).map(({ record }) => record.elementId);
    for (const { elementId, code } of readIdentities(this._imodel, old))
      if (code !== undefined) names.set(elementId, this.of({ code: new Code(code) }, parentId) ?? "");
    return names;
  }
}

function hasIds(identifier: string): boolean {
  return /^0x[\da-f]+\/0x[\da-f]+\//.test(identifier);
}
