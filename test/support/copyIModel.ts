import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  IModelElementCloneContext,
  StandaloneDb,
  Subject,
  type ElementAspect,
  type IModelDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  Code,
  IModel,
  type ElementProps,
  type ExternalSourceAspectProps,
  type RelatedElementProps,
  type RelationshipProps,
} from "@itwin/core-common";
import { query } from "./iModels.js";
import { temporaryFolder } from "./temporary.js";

/** Elements that every iModel has from the beginning. */
const givenIds = new Set([IModel.rootSubjectId, IModel.dictionaryId, "0xe"]);

/**
 * Copies an iModel element by element into a new file, as transformers do: every element gets another id, and what the
 * platform knows to be an id is replaced by the new one. Texts are copied as they are.
 */
export async function copyIModel(sourceFile: string, targetFile: string): Promise<void> {
  const source = StandaloneDb.openFile(sourceFile);
  const target = StandaloneDb.createEmpty(targetFile, { rootSubject: { name: "copy" }, allowEdit: '{"txns":true}' });
  try {
    target.channels.addAllowedChannel("shared");
    await copySchemas(source, target);
    for (let i = 0; i < 100; i++) Subject.insert(target, IModel.rootSubjectId, `ids move on ${i}`);
    await new Copy(source, target).run();
    target.saveChanges();
  } finally {
    target.close();
    source.close();
  }
}

async function copySchemas(source: IModelDb, target: IModelDb): Promise<void> {
  const folder = join(temporaryFolder(), "schemas");
  mkdirSync(folder);
  source.exportSchemas(folder);
  const own = readdirSync(folder).filter((name) => target.querySchemaVersion(name.split(".")[0]!) === undefined);
  await target.importSchemas(own.map((name) => join(folder, name)));
}

class Copy {
  private readonly _context: IModelElementCloneContext;

  public constructor(
    private readonly _source: IModelDb,
    private readonly _target: IModelDb,
  ) {
    this._context = new IModelElementCloneContext(_source, _target);
    for (const id of givenIds) this._context.remapElement(id, id);
  }

  public async run(): Promise<void> {
    for (const { name } of query(this._source, "SELECT Name FROM bis.CodeSpec"))
      if (!this._target.codeSpecs.hasName(name as string))
        this._target.codeSpecs.insert(name as string, this._source.codeSpecs.getByName(name as string).scopeType);
    const ids = query(this._source, "SELECT ECInstanceId id FROM bis.Element ORDER BY ECInstanceId")
      .map(({ id }) => id as Id64String)
      .filter((id) => !givenIds.has(id));
    for (const id of ids) await this._copyElement(id);
    for (const id of ids) for (const aspect of this._source.elements.getAspects(id)) this._copyAspect(aspect);
    this._copyNavigations(ids);
    this._copyLinks();
  }

  private async _copyElement(id: Id64String): Promise<void> {
    const element = this._source.elements.getElement({ id, wantGeometry: true });
    const props = await this._context.cloneElement(element);
    const { elements } = this._target;
    // A category has brought its subcategory along.
    const existing = props.code.value ? elements.queryElementIdByCode(Code.fromJSON(props.code)) : undefined;
    this._context.remapElement(id, existing ?? elements.insertElement(props));
    const model = this._source.models.tryGetModelProps(id);
    if (model === undefined) return;
    const { classFullName } = model;
    this._target.models.insertModel({ classFullName, modeledElement: { id: this._idOf(id) } });
  }

  private _copyAspect(aspect: ElementAspect): void {
    const props = aspect.toJSON() as ExternalSourceAspectProps;
    const { source } = props;
    const copied: ExternalSourceAspectProps = {
      ...props,
      id: undefined,
      element: this._related(props.element)!,
      scope: this._related(props.scope) ?? props.scope,
      source: this._related(source),
    };
    this._target.elements.insertAspect(copied);
  }

  /** An element can refer to one that is copied after it. */
  private _copyNavigations(ids: Id64String[]): void {
    for (const id of ids) {
      const props = this._source.elements.getElementProps<ElementProps & { pump?: RelatedElementProps }>(id);
      if (props.pump !== undefined)
        this._target.elements.updateElement<ElementProps & { pump?: RelatedElementProps }>({
          id: this._idOf(id),
          pump: this._related(props.pump),
        });
    }
  }

  private _copyLinks(): void {
    for (const { id, name } of query(
      this._source,
      "SELECT ECInstanceId id, ec_classname(ECClassId) name FROM bis.ElementRefersToElements",
    )) {
      const props = this._source.relationships.getInstanceProps<RelationshipProps>(name as string, id as Id64String);
      const [sourceId, targetId] = [this._idOf(props.sourceId), this._idOf(props.targetId)];
      this._target.relationships.insertInstance({ ...props, id: undefined, sourceId, targetId });
    }
  }

  private _related(related: RelatedElementProps | undefined): RelatedElementProps | undefined {
    return related && { ...related, id: this._idOf(related.id) };
  }

  private _idOf(id: Id64String): Id64String {
    return this._context.findTargetElementId(id);
  }
}
