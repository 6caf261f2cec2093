import { ITwinConnector } from "itwin-connector-framework";

/** A connector whose source is always empty: what is left is the framework. */
export default class EmptyConnector extends ITwinConnector {
  getConnectorName = () => "Empty";
  getApplicationId = () => "empty";
  getApplicationVersion = () => "1.0.0";
  initialize() {}
  async openSourceData() {}
  async importDomainSchema() {}
  async importDynamicSchema() {}
  async initializeJob() {}
  async importDefinitions() {}
  async updateExistingData() {}
}
