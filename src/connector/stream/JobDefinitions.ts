import { SpatialCategory, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { CodeScopeSpec, ColorDef, type SubCategoryAppearance } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import type { JobModels, ModelNames } from "./JobModels.js";

/**
 * A category of spatial elements. One that the iModel has already is left as it is: someone may have restyled it.
 * @public
 */
export interface CategoryDescription {
  /** Unique among the job's categories. Elements refer to the category by it. */
  name: string;
  /** A CSS color. Default: the platform's. */
  color?: string;
  /** From 0, opaque, to 1. */
  transparency?: number;
}

/**
 * A sort of codes.
 * @public
 */
export interface CodeSpecDescription {
  /** Unique in the iModel; put the connector's name in front. */
  name: string;
  /** Within what codes are unique. Default: `CodeScopeSpec.Type.Model`. */
  scope?: CodeScopeSpec.Type;
}

/**
 * The definitions that the elements of a job need.
 * @public
 */
export interface DefinitionsDescription {
  /** The categories. Elements that name none get the first one. Default: none. */
  categories?: readonly CategoryDescription[];
  /** The code specs. Default: none. */
  codeSpecs?: readonly CodeSpecDescription[];
  /** Names of the job's models, where they shall not have the default ones. */
  modelNames?: Partial<ModelNames>;
}

/** Finds and inserts the definitions of a job. */
export class JobDefinitions {
  private readonly _categoryIds = new Map<string, Id64String>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _models: JobModels,
    private readonly _description: DefinitionsDescription,
  ) {}

  /** Inserts what the iModel does not have yet. */
  public write(): void {
    const { categories = [], codeSpecs = [] } = this._description;
    for (const category of categories) this._categoryIds.set(category.name, this._findOrInsert(category));
    for (const { name, scope = CodeScopeSpec.Type.Model } of codeSpecs)
      if (!this._imodel.codeSpecs.hasName(name)) this._imodel.codeSpecs.insert(name, scope);
  }

  /** A category by its name, or the first one. */
  public categoryId(name = this._description.categories?.[0]?.name): Id64String {
    const id = name === undefined ? undefined : this._categoryIds.get(name);
    if (id !== undefined) return id;
    throw new ConnectorError(
      "stream/unknown-category",
      name === undefined ? "The definitions have no category." : `The definitions have no category "${name}".`,
      { advice: "Let the connector describe every category that its elements use." },
    );
  }

  /** A code spec by its name. */
  public codeSpecId(name: string): Id64String {
    return this._imodel.codeSpecs.getByName(name).id;
  }

  private _findOrInsert({ name, color, transparency }: CategoryDescription): Id64String {
    const model = this._models.idOf("definition");
    const appearance: SubCategoryAppearance.Props | Record<string, never> = {
      ...(color !== undefined && { color: ColorDef.fromString(color).toJSON() }),
      ...(transparency !== undefined && { transp: transparency }),
    };
    return (
      SpatialCategory.queryCategoryIdByName(this._imodel, model, name) ??
      SpatialCategory.insert(this._imodel, model, name, appearance)
    );
  }
}
