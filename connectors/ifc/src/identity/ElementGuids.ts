import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import { queryIds } from "itwin-connector-framework/internal";
import type { ReportedIssue } from "../model/records.js";
import { guidOfGlobalId, guidOfName } from "./globalId.js";

/**
 * The FederationGuids of the elements of a document. An element has the GUID of its GlobalId, by which other tools know the
 * entity. An iModel has each GUID once: where another element has it, as with two files of one project, the element gets one
 * that is made of the GlobalId and the document.
 */
export class ElementGuids {
  private _taken = 0;
  private _example?: string;

  /** @param _document - what identifies the document */
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _document: string,
  ) {}

  /**
   * The GUID of an element.
   * @param identifier - the GlobalId of the entity, or what stands for one that is missing or repeated
   * @param elementId - the element, if the entity has one
   * @returns undefined where others have both GUIDs that it can have
   */
  public of(identifier: string, elementId: Id64String | undefined): GuidString | undefined {
    const wanted = guidOfGlobalId(identifier);
    if (wanted !== undefined && this._isFree(wanted, elementId)) return wanted;
    if (wanted !== undefined) this._note(identifier);
    const derived = guidOfName(JSON.stringify([this._document, identifier]));
    return this._isFree(derived, elementId) ? derived : undefined;
  }

  /** Tells the user of elements that could not get the GUIDs of their GlobalIds. */
  public get issues(): ReportedIssue[] {
    if (this._example === undefined) return [];
    const which =
      this._taken === 1 ? `the GlobalId ${this._example}` : `${this._taken} GlobalIds such as ${this._example}`;
    const message = `Other elements of the iModel have the FederationGuids of ${which}, as with two files of one project. The elements of this file get FederationGuids that are made of GlobalId and file name.`;
    return [{ code: "ifc/guid-taken", message }];
  }

  private _note(identifier: string): void {
    this._taken++;
    this._example ??= identifier;
  }

  private _isFree(guid: GuidString, elementId: Id64String | undefined): boolean {
    const [holder] = queryIds(this._imodel, "SELECT ECInstanceId FROM bis.Element WHERE FederationGuid=?", [{ guid }]);
    return holder === undefined || holder === elementId;
  }
}
