import type { IModelDb } from "@itwin/core-backend";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { keepSchemas } from "../imodel/schemaVersions.js";

/**
 * Lets a connector import its schemas.
 * @param upgradesDomain - whether it may import other versions of domain schemas that the iModel has
 */
export async function importConnectorSchemas(
  connector: ITwinConnector,
  imodel: IModelDb,
  upgradesDomain: boolean,
): Promise<void> {
  imodel.saveChanges(); // a schema import refuses to begin with unsaved changes
  const allowUpgrades = upgradesDomain ? () => {} : keepSchemas(imodel);
  try {
    await connector.importDomainSchema();
  } finally {
    allowUpgrades();
  }
  await connector.importDynamicSchema();
}
