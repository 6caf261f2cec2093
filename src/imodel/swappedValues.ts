/**
 * Codes and federation GUIDs that change places.
 *
 * Where two or more elements hand such values on in a circle within one changeset, core-backend 5.7.3 does not apply the
 * changeset as it was made: the elements keep their former values, without an error. So they go out in two changesets. In
 * the first one the elements of the circle have values that nobody else has; the second one gives them their own.
 *
 * The first changeset notes in a property of the file what is still to be done. If the second one is never pushed, because
 * the run dies in between, the next run reads the note and does it. Very many
 * handovers go the same way, even where they make no circle, because a checkout would take too long to apply them.
 */
import type { IModelDb } from "@itwin/core-backend";
import { DbResult, Guid, Logger, type GuidString, type Id64String } from "@itwin/core-bentley";
import type { CodeProps, FilePropertyProps } from "@itwin/core-common";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { findByCode, findByGuid } from "./elementQueries.js";
import { Handovers } from "./Handovers.js";

/** The unique values of an element. */
interface UniqueValues {
  code: CodeProps;
  federationGuid?: GuidString;
}

/** An element whose own values are free for others for the time of one version. */
export interface FreedElement {
  id: Id64String;
  /** The values that it is to have. */
  own: UniqueValues;
  /** The values that it has meanwhile. */
  meanwhile: UniqueValues;
}

const note: FilePropertyProps = { namespace: "itwin-connector-framework", name: "swapped-values" };

/** The values of elements before the run changed them. The table belongs to the connection: no changeset contains it. */
const noteFormerValues = [
  `CREATE TEMP TABLE IF NOT EXISTS former_values(
     id INTEGER PRIMARY KEY, spec INTEGER, scope INTEGER, value TEXT COLLATE NOCASE, guid BLOB)`,
  `CREATE TEMP TRIGGER IF NOT EXISTS note_former_values
     AFTER UPDATE OF CodeSpecId, CodeScopeId, CodeValue, FederationGuid ON main.bis_Element
     WHEN old.CodeValue IS NOT new.CodeValue OR old.CodeSpecId IS NOT new.CodeSpecId
       OR old.CodeScopeId IS NOT new.CodeScopeId OR old.FederationGuid IS NOT new.FederationGuid
     BEGIN
       INSERT OR IGNORE INTO former_values
         VALUES(old.Id, old.CodeSpecId, old.CodeScopeId, old.CodeValue, old.FederationGuid);
     END`,
];

const readHandovers = `
  SELECT taker.Id, f.id FROM former_values f JOIN main.bis_Element taker
    ON taker.CodeSpecId=f.spec AND taker.CodeScopeId=f.scope AND taker.CodeValue=f.value AND taker.Id<>f.id
  UNION SELECT taker.Id, f.id FROM former_values f JOIN main.bis_Element taker
    ON taker.FederationGuid=f.guid AND taker.Id<>f.id`;

/** Begins to note the values that elements have before they are changed. */
export function watchUniqueValues(imodel: IModelDb): void {
  for (const sql of noteFormerValues) imodel.withSqliteStatement(sql, (statement) => statement.step());
}

/**
 * Gives elements whose values change places others for now, and notes their own in the iModel.
 * @returns whether there are such elements
 */
export function freeSwappedValues(imodel: IModelDb): boolean {
  const handovers = findHandovers(imodel);
  const ids = handovers.areMany ? handovers.takerIds : handovers.inCircles();
  if (ids.length === 0) return false;
  const freed = ids.map((id) => free(imodel, id));
  imodel.saveFileProperty({ ...note, id: imodel.getBriefcaseId() }, JSON.stringify(freed));
  return true;
}

/** The elements whose values are free for now, by the briefcase that has freed them. */
export function readFreed(imodel: IModelDb): Map<number, FreedElement[]> {
  const sql = "SELECT Id, StrData FROM be_Prop WHERE Namespace=? AND Name=?";
  return imodel.withPreparedSqliteStatement(sql, (statement) => {
    statement.bindValues([note.namespace, note.name]);
    const freed = new Map<number, FreedElement[]>();
    while (statement.step() === DbResult.BE_SQLITE_ROW)
      freed.set(statement.getValueInteger(0), JSON.parse(statement.getValueString(1)) as FreedElement[]);
    return freed;
  });
}

/** Gives elements their own values, as far as nobody has changed them since, and removes the note. */
export function settleFreedValues(imodel: IModelDb, briefcaseId: number, freed: readonly FreedElement[]): void {
  for (const element of freed) settle(imodel, element);
  imodel.deleteFileProperty({ ...note, id: briefcaseId });
}

function findHandovers(imodel: IModelDb): Handovers {
  return imodel.withPreparedSqliteStatement(readHandovers, (statement) => {
    const handovers = new Handovers();
    while (statement.step() === DbResult.BE_SQLITE_ROW)
      handovers.add({ takerId: statement.getValueId(0), giverId: statement.getValueId(1) });
    return handovers;
  });
}

function free(imodel: IModelDb, id: Id64String): FreedElement {
  const { code, federationGuid } = imodel.elements.getElementProps(id);
  const value = code.value === undefined || code.value === "" ? code.value : Guid.createValue();
  const meanwhile = { code: { ...code, value }, ...(federationGuid && { federationGuid: Guid.createValue() }) };
  imodel.elements.updateElement({ id, ...meanwhile });
  return { id, own: { code, ...(federationGuid && { federationGuid }) }, meanwhile };
}

function settle(imodel: IModelDb, { id, own, meanwhile }: FreedElement): void {
  const found = imodel.elements.tryGetElementProps(id);
  if (found === undefined) return;
  const values: Partial<UniqueValues> = {};
  const { code, federationGuid } = own;
  if (found.code.value === meanwhile.code.value && isFree(id, code.value, findByCode(imodel, code))) values.code = code;
  const hasFreedGuid = federationGuid !== undefined && found.federationGuid === meanwhile.federationGuid;
  if (hasFreedGuid && isFree(id, federationGuid, findByGuid(imodel, federationGuid)))
    values.federationGuid = federationGuid;
  if (Object.keys(values).length > 0) imodel.elements.updateElement({ id, ...values });
}

/** Only another program can have given the value to another element. */
function isFree(id: Id64String, value: string | undefined, holderId: Id64String | undefined): boolean {
  if (holderId === undefined || holderId === id) return true;
  const message = `Element ${id} does not get ${value} back, because element ${holderId} has it by now`;
  Logger.logWarning(ConnectorLoggerCategory.Framework, message);
  return false;
}
