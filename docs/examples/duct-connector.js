import { readFile } from "node:fs/promises";
import { StreamConnector } from "itwin-connector-framework";
import { findUnit } from "itwin-connector-framework/units";

export default class DuctConnector extends StreamConnector {
  getConnectorName = () => "Ducts";
  getApplicationId = () => "ducts";
  getApplicationVersion = () => "1.0.0";

  getSchemas() {
    const properties = [
      { name: "width", type: "double", unit: "MM" }, // the source has millimetres, and so has the iModel
      { name: "length", type: "double", unit: "M", sourceUnit: "MM" }, // the framework converts
      { name: "air", type: "double", unit: "°C", sourceUnit: "°F" },
      { name: "flow", type: "double", unit: findUnit(this.source.flowUnit)?.fullName }, // none where nobody knows the unit
    ];
    return [{ name: "Ducts", classes: [{ name: "Duct", properties }] }];
  }

  async openDocument(path) {
    this.source = JSON.parse(await readFile(path, "utf8")); // { "flowUnit", "ducts": [{ "id", "width", "length", … }] }
  }

  *readEntities() {
    for (const { id, ...values } of this.source.ducts)
      yield {
        kind: "Duct",
        id,
        data: values,
        toElement: () => ({ classFullName: "Ducts:Duct", userLabel: id, ...values }),
      };
  }

  getDefinitions() {
    return { categories: [{ name: "Ducts" }] };
  }
}
