import { Id64, type Id64String } from "@itwin/core-bentley";
import type { ElementProps, RelatedElementProps } from "@itwin/core-common";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { propsKeyOf } from "../schema/classNames.js";
import type { MadeReferences } from "./MadeReferences.js";

type Navigations = Readonly<Record<string, RelatedElementProps | undefined>>;

/** Sets navigation properties of elements that are written already. */
export class NavigationWriter {
  public constructor(private readonly _synchronizer: Synchronizer) {}

  /**
   * Makes a navigation property lead to an element.
   * @param className - the relationship class. Default: the one that it has
   */
  public set(made: MadeReferences, property: string, targetId: Id64String, className?: string): void {
    this._update(made, property, targetId, className ?? this._classOf(made, property));
    made.navigations.set(property, targetId);
  }

  /** Makes a navigation property lead nowhere. */
  public clear(made: MadeReferences, property: string): void {
    this._update(made, property, Id64.invalid);
    made.navigations.delete(property);
  }

  private _classOf({ elementId }: MadeReferences, property: string): string | undefined {
    const props = this._synchronizer.imodel.elements.getElementProps<ElementProps & Navigations>(elementId);
    return props[propsKeyOf(property)]?.relClassName;
  }

  private _update({ elementId }: MadeReferences, property: string, id: Id64String, relClassName?: string): void {
    const { imodel, statistics } = this._synchronizer;
    const related = { id, ...(relClassName && { relClassName }) };
    const props: Partial<ElementProps> = { id: elementId, [propsKeyOf(property)]: related };
    this._synchronizer.beforeWrite();
    imodel.elements.updateElement(props);
    statistics.elementsUpdated++;
  }
}
