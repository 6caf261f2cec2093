import { readFile } from "node:fs/promises";
import { PhysicalModel, PhysicalPartition, SpatialCategory } from "@itwin/core-backend";
import { Code, GeometryStreamBuilder, IModel } from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";
import { ItemState, ITwinConnector } from "itwin-connector-framework";

export default class TreeConnector extends ITwinConnector {
  getConnectorName = () => "Trees";
  getApplicationId = () => "trees";
  getApplicationVersion = () => "1.0.0";
  initialize() {}
  async openSourceData(path) {
    this.trees = JSON.parse(await readFile(path, "utf8")); // [{ "id", "species", "position": [x, y, z], "radius" }]
  }
  async importDomainSchema() {}
  async importDynamicSchema() {}
  async initializeJob() {
    PhysicalModel.insert(this.synchronizer.imodel, this.jobSubject.id, "Trees");
  }
  async importDefinitions() {
    const { imodel } = this.synchronizer;
    const known = SpatialCategory.queryCategoryIdByName(imodel, IModel.dictionaryId, "Tree");
    this.category = known ?? SpatialCategory.insert(imodel, IModel.dictionaryId, "Tree", {});
  }
  async updateExistingData() {
    const { imodel } = this.synchronizer;
    const partition = PhysicalPartition.createCode(imodel, this.jobSubject.id, "Trees");
    const model = imodel.elements.queryElementIdByCode(partition);
    const all = { classFullName: "Generic:PhysicalObject", model, category: this.category, code: Code.createEmpty() };
    for (const tree of this.trees) {
      const item = { id: tree.id, checksum: JSON.stringify(tree) };
      const { state } = this.synchronizer.detectChanges(this.jobSubject.id, "Tree", item);
      if (state === ItemState.Unchanged) continue;
      const builder = new GeometryStreamBuilder();
      builder.appendGeometry(Sphere.createCenterRadius(Point3d.createZero(), tree.radius));
      const own = { userLabel: tree.species, placement: { origin: tree.position, angles: {} } };
      const element = imodel.constructEntity({ ...all, ...own, geom: builder.geometryStream });
      this.synchronizer.updateIModel({ element, itemState: state }, this.jobSubject.id, item, "Tree");
    }
  }
}
