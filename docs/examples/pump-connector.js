import { readFile } from "node:fs/promises";
import { ConnectorError, StreamConnector } from "itwin-connector-framework";

export default class PumpConnector extends StreamConnector {
  getConnectorName = () => "Pumps";
  getApplicationId = () => "pumps";
  getApplicationVersion = () => "1.0.0";

  getSchemas() {
    const power = { name: "power", type: "double", label: "Power (kW)" };
    const pump = { name: "Pump", properties: [power], navigations: [{ name: "spare", target: "Pump" }] };
    return [{ name: "Pumps", classes: [pump], links: [{ name: "Feeds", source: "Pump", target: "Pump" }] }];
  }

  getDefinitions() {
    return { categories: [{ name: "Pumps", color: "steelblue" }] };
  }

  async openDocument(path) {
    this.pumps = JSON.parse(await readFile(path, "utf8")); // [{ "tag", "power", "spare"?, "feeds"?, "station"? }]
  }

  *readEntities() {
    for (const { tag, power, spare, feeds = [], station } of this.pumps)
      yield {
        kind: "Pump",
        id: tag,
        data: { power },
        parent: station && { kind: "Pump", id: station },
        relationships: [
          ...(spare ? [{ property: "spare", target: { kind: "Pump", id: spare } }] : []),
          ...feeds.map((id) => ({ className: "Pumps:Feeds", target: { kind: "Pump", id } })),
        ],
        toElement() {
          if (power < 0) throw new ConnectorError("pumps/power", "Its power is below zero.", { recovery: "skippable" });
          return { classFullName: "Pumps:Pump", userLabel: tag, power };
        },
      };
  }
}
