import { Element, GeometricElement3d, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, RelatedElement, type ElementProps, type RelatedElementProps } from "@itwin/core-common";
import type { ItemState, SynchronizationResults } from "../../sync/items/SourceItem.js";
import type { JobDefinitions } from "./JobDefinitions.js";
import type { JobModels } from "./JobModels.js";
import type { ElementTree, EntityContext, EntityElement, NewElementProps, SourceEntity } from "./SourceEntity.js";

/** What the framework knows of an element beside what `toElement` makes. */
export interface EntityPlace {
  itemState: ItemState;
  parent?: RelatedElementProps;
  navigations: Readonly<Record<string, RelatedElementProps>>;
}

/** Makes elements of entities, and fills in what `toElement` leaves out. */
export class EntityElements {
  private readonly _is3d = new Map<string, boolean>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _models: JobModels,
    private readonly _definitions: JobDefinitions,
    /** The names of the schemas that the connector describes. */
    private readonly _schemas: readonly string[],
  ) {}

  /** The element of an entity with its parts. */
  public async make(entity: SourceEntity, place: EntityPlace): Promise<SynchronizationResults> {
    const made = entity.toElement(this._contextOf(place.parent?.id));
    const tree = treeOf(made instanceof Promise ? await made : made);
    const { parent, navigations, itemState } = place;
    const element = this._construct(tree.element, { ...navigations, ...(parent && { parent }) });
    return { element, itemState, ...this._rest(tree, element.model, itemState) };
  }

  private _contextOf(parentId: Id64String | undefined): EntityContext {
    return {
      imodel: this._imodel,
      parentId,
      modelFor: (classFullName) => this._models.idForClass(classFullName),
      categoryId: (name) => this._definitions.categoryId(name),
      codeSpecId: (name) => this._definitions.codeSpecId(name),
    };
  }

  private _rest({ childElements, aspects }: ElementTree, model: Id64String, itemState: ItemState) {
    return {
      childElements: childElements?.map((part) => this._part(part, model, itemState)),
      ...(aspects && { aspects: { schemas: this._schemas, props: aspects } }),
    };
  }

  private _part(part: ElementTree, model: Id64String, itemState: ItemState): SynchronizationResults {
    const element = this._construct(part.element instanceof Element ? part.element : { model, ...part.element });
    return { element, itemState, ...this._rest(part, model, itemState) };
  }

  private _construct(made: Element | NewElementProps, related: Record<string, RelatedElementProps> = {}): Element {
    if (made instanceof Element) return Object.assign(made, instancesOf(related));
    const model = made.model ?? this._models.idForClass(made.classFullName);
    const category = this._needsCategory(made) ? { category: this._definitions.categoryId() } : {};
    const props = { code: Code.createEmpty(), ...category, ...made, model, ...related } as ElementProps;
    const element = this._imodel.constructEntity<Element>(props);
    const { elementGeometryBuilderParams } = made; // which the classes of core-backend take in props alone
    return elementGeometryBuilderParams ? Object.assign(element, { elementGeometryBuilderParams }) : element;
  }

  private _needsCategory({ classFullName, category }: NewElementProps): boolean {
    if (category !== undefined) return false;
    let is3d = this._is3d.get(classFullName);
    if (is3d === undefined) {
      const elementClass: { prototype: object } = this._imodel.getJsClass(classFullName);
      is3d = elementClass.prototype instanceof GeometricElement3d;
      this._is3d.set(classFullName, is3d);
    }
    return is3d;
  }
}

function treeOf(made: EntityElement): ElementTree {
  return "classFullName" in made ? { element: made } : made;
}

/** An element that exists takes objects, where props take plain data. */
function instancesOf(related: Record<string, RelatedElementProps>): Record<string, RelatedElement> {
  return Object.fromEntries(Object.entries(related).map(([name, props]) => [name, new RelatedElement(props)]));
}
