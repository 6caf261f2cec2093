import type { Entity, IModelDb } from "@itwin/core-backend";
import { Id64 } from "@itwin/core-bentley";
import { Code, IModel, type EntityProps } from "@itwin/core-common";
import { normalizeClassName } from "./classNames.js";

/** Stands for any element that a constructor insists on. */
const anyElement = { id: IModel.rootSubjectId };

/**
 * What the constructors of core-backend's classes of elements, aspects and relationships insist on: those of views check
 * ids that they are given.
 */
const leastProps = {
  model: "",
  category: "",
  code: Code.createEmpty(),
  element: { id: Id64.invalid },
  sourceId: "",
  targetId: "",
  categorySelectorId: anyElement.id,
  displayStyleId: anyElement.id,
  modelSelectorId: anyElement.id,
  baseModelId: anyElement.id,
  view: anyElement,
};

/** An instance of a class with no more than it needs, which shows the members that instances have. It is never written. */
export function bareEntity(imodel: IModelDb, classFullName: string): Entity {
  const props: EntityProps & typeof leastProps = { ...leastProps, classFullName: normalizeClassName(classFullName) };
  return imodel.constructEntity(props);
}
