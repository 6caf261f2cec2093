import { ExternalSourceAspect, RepositoryLink } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel, type ExternalSourceAspectProps } from "@itwin/core-common";
import { boxProps, isOneInHundred } from "./boxes.js";
import { boxKind, type BoxDocument, type Contender, type Site } from "./contenders.js";

/** The bare calls of core-backend, with foreknowledge of what is to be done: the floor below everyone else. */
export class Raw implements Contender {
  private readonly _known: { elementId: Id64String; aspectId: Id64String }[];

  private _deletes = false;

  public constructor({ imodel }: Site) {
    const ecsql = `SELECT Element.Id, ECInstanceId FROM bis.ExternalSourceAspect WHERE Kind='${boxKind}' ORDER BY Identifier`;
    this._known = imodel.withPreparedStatement(ecsql, (statement) =>
      [...statement].map((row: { "element.id": Id64String; id: Id64String }) => ({
        elementId: row["element.id"],
        aspectId: row.id,
      })),
    );
  }

  public synchronize(site: Site, [document]: BoxDocument[]): void {
    this._deletes = document!.boxes.length < this._known.length;
    if (this._known.length === 0) this._insert(site, document!);
    else if (!this._deletes) this._update(site, document!);
  }

  public deleteVanished({ imodel }: Site): void {
    if (!this._deletes) return;
    for (const [index, { elementId }] of this._known.entries())
      if (isOneInHundred(index)) imodel.elements.deleteElement(elementId);
  }

  private _insert(site: Site, { name, boxes }: BoxDocument): void {
    const { elements } = site.imodel;
    const code = RepositoryLink.createCode(site.imodel, IModel.repositoryModelId, name);
    const scope = elements.insertElement({
      classFullName: RepositoryLink.classFullName,
      model: IModel.repositoryModelId,
      code,
    });
    for (const box of boxes) {
      const props: ExternalSourceAspectProps = {
        classFullName: ExternalSourceAspect.classFullName,
        element: { id: elements.insertElement(boxProps(box, site)), relClassName: "BisCore:ElementOwnsMultiAspects" },
        scope: { id: scope },
        kind: boxKind,
        identifier: box.id,
        checksum: box.checksum,
      };
      elements.insertAspect(props);
    }
  }

  private _update(site: Site, { boxes }: BoxDocument): void {
    for (const [index, box] of boxes.entries()) {
      if (!isOneInHundred(index)) continue;
      const { elementId, aspectId } = this._known[index]!;
      site.imodel.elements.updateElement({ ...boxProps(box, site), id: elementId });
      const aspect = site.imodel.elements.getAspect(aspectId).toJSON() as ExternalSourceAspectProps;
      const changed: ExternalSourceAspectProps = { ...aspect, checksum: box.checksum };
      site.imodel.elements.updateAspect(changed);
    }
  }
}
