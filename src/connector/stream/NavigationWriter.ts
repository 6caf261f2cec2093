import { Id64 } from "@itwin/core-bentley";
import type { ElementProps, RelatedElementProps } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { naming } from "../../sync/values/naming.js";
import { valueChecksOf } from "../../sync/values/ValueChecks.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { propsKeyOf } from "../../imodel/classNames.js";
import type { MadeReferences, MadeTarget } from "./MadeReferences.js";

type Navigations = Readonly<Record<string, RelatedElementProps | undefined>>;

/** To which element a navigation property shall lead. */
export interface NewNavigation extends MadeTarget {
  property: string;
  /** The relationship class. Default: the one that it has. */
  className?: string;
  /** Whose property it is, for messages. */
  owner: ValueOwner;
}

/** Sets navigation properties of elements that are written already. */
export class NavigationWriter {
  public constructor(private readonly _synchronizer: Synchronizer) {}

  /**
   * Makes a navigation property lead to an element.
   * @throws ConnectorError `sync/invalid-value` if the property leads to elements of another class
   */
  public set(made: MadeReferences, { property, target, targetId, className, owner }: NewNavigation): void {
    const props = this._synchronizer.imodel.elements.getElementProps<ElementProps & Navigations>(made.elementId);
    const relClassName = className ?? props[propsKeyOf(property)]?.relClassName;
    const related = { id: targetId, ...(relClassName && { relClassName }) };
    valueChecksOf(this._synchronizer.imodel).checkNavigation(props.classFullName, property, related, owner);
    naming(owner, () => this._update(made, property, related));
    made.navigations.set(property, { target, targetId });
  }

  /** Makes a navigation property lead nowhere. */
  public clear(made: MadeReferences, property: string): void {
    this._update(made, property, { id: Id64.invalid });
    made.navigations.delete(property);
  }

  private _update({ elementId }: MadeReferences, property: string, related: RelatedElementProps): void {
    const { imodel, statistics } = this._synchronizer;
    const props: Partial<ElementProps> = { id: elementId, [propsKeyOf(property)]: related };
    this._synchronizer.beforeWrite();
    try {
      imodel.elements.updateElement(props);
    } catch (error) {
      throw new ConnectorError("sync/update-failed", `Could not set ${property}: ${messageOf(error)}`, {
        cause: error,
        advice: "Check that the property can lead to such an element.",
      });
    }
    statistics.elementsUpdated++;
  }
}
