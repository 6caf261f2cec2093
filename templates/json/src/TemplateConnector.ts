import {
  openRecords,
  openText,
  TableConnector,
  type TableDocument,
  type TableFormat,
  type TableReader,
} from "itwin-connector-framework/tables";
import { readObjects } from "./readObjects.js";

/** Brings a list of JSON objects into an iModel, an element for each object. */
export class TemplateConnector extends TableConnector {
  protected override readonly format: TableFormat = {
    name: "Template name",
    code: "template-connector",
    schemaPrefix: "TemplateSchema",
    packageJson: new URL("../../package.json", import.meta.url),
  };

  protected override async openTables({ errors, options, onProgress }: TableDocument): Promise<TableReader> {
    const file = await openText(errors);
    const records = () => readObjects(file, onProgress);
    const reader = await openRecords({ errors, name: options.className, records });
    if (reader.tables.length > 0) return reader;
    throw errors.make("no-objects", "The list has no objects.", {
      source: {},
      advice: "Export the file anew if it was cut off; to be rid of all objects, delete the iModel instead.",
    });
  }
}
