import { Guid, type GuidString, type Id64String } from "@itwin/core-bentley";
import { Code, IModel, type CodeProps, type ElementProps } from "@itwin/core-common";
import type { ErrorRecovery } from "../../ConnectorError.js";
import { findByCode, findByGuid, readPlaces, readScoped } from "../../imodel/elementQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { ElementProvenance } from "../provenance/provenanceQueries.js";
import { ReleasedGuids } from "./ReleasedGuids.js";
import { setOrDelete } from "../provenance/UndoLog.js";
import type { UniqueValues, ValueConflicts } from "./ValueConflicts.js";

/** Writes an element, and returns its id. */
type WriteElement = (props: ElementProps) => Id64String;

/**
 * The codes and federation GUIDs that elements cannot have yet, because another element still has them. The other one may
 * give them up later in the run, or be deleted at its end. Until then the element has others, which nobody else has; when
 * all items were processed it gets its own. So values can move between items in any order, and change places.
 *
 * An element that is written gets either its final values or parked ones. So an element that still has a value at the end
 * needs it, except for a federation GUID that the source does not give: see {@link ReleasedGuids}.
 */
export class ParkedValues {
  private readonly _parked = new Map<Id64String, UniqueValues>();
  private readonly _guids: ReleasedGuids;

  /** @param isOfJob - whether the element of an item is one of the job's */
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _conflicts: ValueConflicts,
    isOfJob: (item: ElementProvenance) => boolean,
  ) {
    this._guids = new ReleasedGuids(_context, _conflicts, isOfJob);
  }

  /** Writes an element, where necessary with other values than its own for now. Costs nothing where that is not necessary. */
  public write(props: ElementProps, write: WriteElement): Id64String {
    this._guids.note(props);
    try {
      const id = write(props);
      if (this._parked.has(id)) this._park(id, undefined); // it was parked before, in the same run
      return id;
    } catch (error) {
      const taken = this._findTaken(props);
      if (taken === undefined) throw error;
      const id = write({ ...props, ...substitutesOf(taken) });
      this._park(id, taken);
      return id;
    }
  }

  /** Gives an element the federation GUID of the one whose place it takes, until an item of the source wants it. */
  public keepGuid(id: Id64String, federationGuid: GuidString): void {
    if (findByGuid(this._context.imodel, federationGuid) !== undefined) return;
    this._guids.noteWithout(id);
    this._context.beforeWrite();
    this._context.imodel.elements.updateElement({ id, federationGuid });
  }

  /** Parks the codes of elements that stay although the scope of their code is about to go. */
  public leaveScopes(going: readonly Id64String[]): void {
    const { imodel } = this._context;
    for (const { id, code } of readScoped(imodel, going)) {
      const { spec, value } = code;
      imodel.elements.updateElement({
        id,
        code: { spec, scope: IModel.rootSubjectId, value: value && Guid.createValue() },
      });
      this._park(id, { code, ...this._parked.get(id) });
    }
  }

  /** Makes parked codes codes within the elements that took the place of their scopes. */
  public followScopes(successors: ReadonlyMap<Id64String, Id64String>): void {
    for (const [id, { code, ...values }] of this._parked) {
      const scope = code && successors.get(code.scope);
      if (code && scope) this._park(id, { ...values, code: { ...code, scope } });
    }
  }

  private _park(id: Id64String, values: UniqueValues | undefined): void {
    const before = this._parked.get(id);
    setOrDelete(this._parked, id, values);
    this._context.undo.note(() => setOrDelete(this._parked, id, before));
  }

  /**
   * Gives elements the values that were parked. One that has to do without its code because of a conflict has none then.
   * @throws ConnectorError as {@link ValueConflicts}
   */
  public settle(policy: ErrorRecovery): void {
    this._conflicts.policy = policy;
    const parked = [...this._parked];
    this._parked.clear();
    const places = readPlaces(this._context.imodel, new Map(parked).keys());
    for (const [id, values] of parked) if (places.has(id)) this._give(id, values);
  }

  private _give(id: Id64String, { code, federationGuid }: UniqueValues): void {
    const { imodel } = this._context;
    const values: UniqueValues = {};
    if (code !== undefined) values.code = this._isFree(id, { code }) ? code : Code.createEmpty();
    if (federationGuid !== undefined && this._isFree(id, { federationGuid })) values.federationGuid = federationGuid;
    this._context.beforeWrite();
    imodel.elements.updateElement({ id, ...values });
  }

  /** Whether an element can have a value. An element that does not need its federation GUID gives it up. */
  private _isFree(id: Id64String, value: UniqueValues): boolean {
    const holderId = this._findHolder(id, value);
    if (holderId === undefined) return true;
    const isReleased = value.federationGuid !== undefined && this._guids.release(holderId, value.federationGuid);
    if (!isReleased) this._conflicts.take({ id, holderId, ...value });
    return isReleased;
  }

  /** The values that another element has, or undefined where there are none. */
  private _findTaken({ id, code, federationGuid }: ElementProps): UniqueValues | undefined {
    const taken: UniqueValues = {};
    if (this._findHolder(id, { code }) !== undefined) taken.code = code;
    if (this._findHolder(id, { federationGuid }) !== undefined) taken.federationGuid = federationGuid;
    return Object.keys(taken).length === 0 ? undefined : taken;
  }

  /** Another element that has the value. */
  private _findHolder(id: Id64String | undefined, { code, federationGuid }: UniqueValues): Id64String | undefined {
    const { imodel } = this._context;
    const holderId = code === undefined ? findByGuid(imodel, federationGuid) : findByCode(imodel, code);
    return holderId === id ? undefined : holderId;
  }
}

/** Of the same spec and scope, which a class may insist on. */
function substitutesOf({ code, federationGuid }: UniqueValues): UniqueValues {
  return {
    ...(code && { code: substituteFor(code) }),
    ...(federationGuid && { federationGuid: Guid.createValue() }),
  };
}

function substituteFor({ spec, scope }: CodeProps): CodeProps {
  return { spec, scope, value: Guid.createValue() };
}
