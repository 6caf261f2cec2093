import { ExternalSourceAspect, RepositoryLink } from "@itwin/core-backend";
import { DbResult, type Id64String } from "@itwin/core-bentley";
import { IModel, type ExternalSourceAspectProps } from "@itwin/core-common";
import { boxProps, type BoxEntity } from "./boxes.js";
import { boxKind, type BoxDocument, type Contender, type Site } from "./contenders.js";

/** The straightforward synchronizer: it asks the iModel for the provenance of each entity by itself. */
export class PerItem implements Contender {
  private readonly _seen = new Set<Id64String>();

  public synchronize(site: Site, documents: BoxDocument[]): void {
    for (const { name, checksum, boxes } of documents) {
      const scope = findOrInsertLink(site, name);
      const aspect = this._find(site, IModel.rootSubjectId, "DocumentWithBeGuid", name);
      if (aspect?.checksum === checksum) for (const id of readElementsOf(site, scope)) this._seen.add(id);
      else for (const box of boxes) this._synchronizeBox(site, scope, box);
    }
  }

  public deleteVanished(site: Site): void {
    for (const scope of site.imodel.queryEntityIds({ from: RepositoryLink.classFullName }))
      for (const id of readElementsOf(site, scope)) if (!this._seen.has(id)) site.imodel.elements.deleteElement(id);
  }

  private _synchronizeBox(site: Site, scope: Id64String, box: BoxEntity): void {
    const { elements } = site.imodel;
    const known = this._find(site, scope, boxKind, box.id);
    if (known === undefined) {
      const element = {
        id: elements.insertElement(boxProps(box, site)),
        relClassName: "BisCore:ElementOwnsMultiAspects",
      };
      const { id: identifier, checksum } = box;
      const classFullName = ExternalSourceAspect.classFullName;
      const props: ExternalSourceAspectProps = {
        classFullName,
        element,
        scope: { id: scope },
        kind: boxKind,
        identifier,
        checksum,
      };
      elements.insertAspect(props);
      this._seen.add(element.id);
    } else {
      this._seen.add(known.element.id);
      if (known.checksum === box.checksum) return;
      elements.updateElement({ ...boxProps(box, site), id: known.element.id });
      elements.updateAspect({ ...known.toJSON(), checksum: box.checksum } as ExternalSourceAspectProps);
    }
  }

  private _find({ imodel }: Site, scope: Id64String, kind: string, id: string): ExternalSourceAspect | undefined {
    const [found] = ExternalSourceAspect.findAllBySource(imodel, scope, kind, id);
    const aspect = found && imodel.elements.getAspect(found.aspectId);
    return aspect instanceof ExternalSourceAspect ? aspect : undefined;
  }
}

function findOrInsertLink({ imodel }: Site, name: string): Id64String {
  const model = IModel.repositoryModelId;
  const code = RepositoryLink.createCode(imodel, model, name);
  const known = imodel.elements.queryElementIdByCode(code);
  return known ?? imodel.elements.insertElement({ classFullName: RepositoryLink.classFullName, model, code });
}

function readElementsOf({ imodel }: Site, scope: Id64String): Id64String[] {
  const ecsql = `SELECT Element.Id FROM ${ExternalSourceAspect.classFullName} WHERE Scope.Id=?`;
  return imodel.withPreparedStatement(ecsql, (statement) => {
    statement.bindId(1, scope);
    const ids: Id64String[] = [];
    while (statement.step() === DbResult.BE_SQLITE_ROW) ids.push(statement.getValue(0).getId());
    return ids;
  });
}
