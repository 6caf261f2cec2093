import type { SchemaDescription } from "itwin-connector-framework";
import { IfcConnector } from "../src/IfcConnector.js";

/** The connector as it was in version 0.1.0: properties name their unit in their description alone. */
export default class WithoutUnits extends IfcConnector {
  public override getApplicationVersion(): string {
    return "0.0.1";
  }

  protected override getSchemas(): SchemaDescription[] {
    return super.getSchemas().map((schema) => ({
      ...schema,
      classes: schema.classes.map((described) => ({
        ...described,
        properties: described.properties?.map((property) => ({ ...property, unit: undefined })),
      })),
    }));
  }
}
