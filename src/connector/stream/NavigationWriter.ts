import { Id64, type Id64String } from "@itwin/core-bentley";
import type { ElementProps } from "@itwin/core-common";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { propsKeyOf } from "../schema/classNames.js";
import type { MadeReferences } from "./MadeReferences.js";

/** Sets navigation properties of elements that are written already. */
export class NavigationWriter {
  public constructor(private readonly _synchronizer: Synchronizer) {}

  /** Makes a navigation property lead to an element. */
  public set(made: MadeReferences, property: string, targetId: Id64String): void {
    this._update(made, property, targetId);
    made.navigations.set(property, targetId);
  }

  /** Makes a navigation property lead nowhere. */
  public clear(made: MadeReferences, property: string): void {
    this._update(made, property, Id64.invalid);
    made.navigations.delete(property);
  }

  private _update({ elementId }: MadeReferences, property: string, id: Id64String): void {
    const { imodel, statistics } = this._synchronizer;
    const props: Partial<ElementProps> = { id: elementId, [propsKeyOf(property)]: { id } };
    this._synchronizer.beforeWrite();
    imodel.elements.updateElement(props);
    statistics.elementsUpdated++;
  }
}
