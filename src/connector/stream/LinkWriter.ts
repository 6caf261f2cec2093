import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { queryIds } from "../../imodel/queries.js";
import type { SynchronizationStatistics } from "../../sync/items/SynchronizationStatistics.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { naming } from "../../sync/values/naming.js";
import { valueChecksOf } from "../../sync/values/ValueChecks.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { parseClassName } from "../../imodel/classNames.js";
import type { MadeLink } from "./MadeReferences.js";

/** What a link-table relationship is made of. */
export interface NewLink {
  className: string;
  sourceId: Id64String;
  targetId: Id64String;
  properties?: Readonly<Record<string, unknown>>;
  /** Whose relationship it is, for messages. */
  owner: ValueOwner;
}

/** A relationship by its class and its ends. */
type LinkKey = Pick<NewLink, "className" | "sourceId" | "targetId">;

/** Inserts and deletes link-table relationships, and counts them. */
export class LinkWriter {
  private readonly _imodel: IModelDb;

  public constructor(private readonly _synchronizer: Synchronizer) {
    this._imodel = _synchronizer.imodel;
  }

  private get _statistics(): SynchronizationStatistics {
    return this._synchronizer.statistics;
  }

  /** @returns false where there is one already, which someone else has made, and which therefore stays as it is */
  public insert(link: NewLink): boolean {
    const isMade = this._tryInsert(link);
    if (isMade) this._statistics.relationshipsInserted++;
    return isMade;
  }

  /** Gives a relationship other properties. It is a new instance then, so that none of the old properties is left. */
  public replace(link: NewLink): boolean {
    this._tryDelete(link);
    const isMade = this._tryInsert(link);
    if (isMade) this._statistics.relationshipsUpdated++;
    return isMade;
  }

  /** Deletes a relationship; one that went with an element is no longer there. */
  public delete(sourceId: Id64String, { className, targetId }: MadeLink): void {
    if (this._tryDelete({ className, sourceId, targetId })) this._statistics.relationshipsDeleted++;
  }

  /** The relationships of a class that lead from one element to another: an iModel has one at most. */
  private _find({ className, sourceId, targetId }: LinkKey): Id64String[] {
    const { schema, name } = parseClassName(className, "");
    const ecsql = `SELECT ECInstanceId FROM ONLY [${schema}].[${name}] WHERE SourceECInstanceId=? AND TargetECInstanceId=?`;
    return queryIds(this._imodel, ecsql, [sourceId, targetId]);
  }

  private _tryInsert(link: NewLink): boolean {
    const { className: classFullName, sourceId, targetId, properties, owner } = link;
    valueChecksOf(this._imodel).checkLinkTarget(classFullName, targetId, owner);
    this._synchronizer.beforeWrite();
    return naming(owner, () => {
      try {
        if (this._find(link).length > 0) return false;
        this._imodel.relationships.insertInstance({ ...properties, classFullName, sourceId, targetId });
        return true;
      } catch (error) {
        throw new ConnectorError(
          "stream/relationship-refused",
          `The iModel refuses a relationship ${classFullName}: ${messageOf(error)}`,
          { cause: error, advice: "Check that its schema was imported, and that its class is one of relationships." },
        );
      }
    });
  }

  private _tryDelete(link: LinkKey): boolean {
    const { className: classFullName, sourceId, targetId } = link;
    const ids = this._find(link);
    this._synchronizer.beforeWrite();
    for (const id of ids) this._imodel.relationships.deleteInstance({ id, classFullName, sourceId, targetId });
    return ids.length > 0;
  }
}
