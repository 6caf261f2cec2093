import type { Element } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { ItemState, Synchronizer } from "itwin-connector-framework";
import { boxProps, type BoxEntity } from "./boxes.js";
import { boxKind, type BoxDocument, type Contender, type Site } from "./contenders.js";

/** The framework, through its public API. */
export class Ours implements Contender {
  public readonly synchronizer: Synchronizer;

  public constructor({ imodel, subject }: Site) {
    this.synchronizer = new Synchronizer(imodel, false, undefined, { connectorName: "Bench" });
    this.synchronizer.job = { subjectId: subject };
  }

  public synchronize(site: Site, documents: BoxDocument[]): void {
    for (const { name, checksum, boxes } of documents) {
      const { element, itemState } = this.synchronizer.recordDocument(IModel.rootSubjectId, { id: name, checksum });
      if (itemState === ItemState.Unchanged) continue;
      for (const box of boxes) this._synchronizeBox(site, element.id, box);
    }
  }

  public deleteVanished(): void {
    this.synchronizer.detectDeletedElements();
  }

  private _synchronizeBox(site: Site, scope: Id64String, box: BoxEntity): void {
    const item = { id: box.id, checksum: box.checksum };
    const { state } = this.synchronizer.detectChanges(scope, boxKind, item);
    if (state === ItemState.Unchanged) return;
    const element = site.imodel.constructEntity<Element>(boxProps(box, site));
    this.synchronizer.updateIModel({ element, itemState: state }, scope, item, boxKind);
  }
}
