import { readFileSync } from "node:fs";
import { BriefcaseDb, type SchemaImportOptions } from "@itwin/core-backend";
import { hasSchema, identifySchema } from "./schemaVersions.js";

/**
 * The briefcase of a run. It leaves out the import of schemas that the iModel has, since core-backend takes the schema
 * lock, which excludes all other jobs, even for an import that changes nothing.
 */
export class JobBriefcase extends BriefcaseDb {
  /** Opens a briefcase, and takes back what a run that died has left in it. The locks of that run stay. */
  public static async openClean(fileName: string): Promise<JobBriefcase> {
    const db = await JobBriefcase.openAsItIs(fileName);
    try {
      await db._takeBack();
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Opens a briefcase with the changes that it has. */
  public static async openAsItIs(fileName: string): Promise<JobBriefcase> {
    const db = await JobBriefcase.open({ fileName });
    if (db instanceof JobBriefcase) return db;
    throw new Error("core-backend opens a briefcase as the class that it is asked of");
  }

  /** Takes back what was not pushed, and gives back all locks. */
  public async reset(): Promise<void> {
    await this._takeBack();
    await this.locks.releaseAllLocks();
  }

  public override async importSchemas(files: string[], options?: SchemaImportOptions): Promise<void> {
    const unknown = files.filter((file) => !this._knows(readFileSync(file, "utf8")));
    if (unknown.length > 0) await super.importSchemas(unknown, options);
  }

  public override async importSchemaStrings(schemas: string[], options?: SchemaImportOptions): Promise<void> {
    const unknown = schemas.filter((xml) => !this._knows(xml));
    if (unknown.length > 0) await super.importSchemaStrings(unknown, options);
  }

  private async _takeBack(): Promise<void> {
    if (this.txns.hasPendingTxns) await this.discardChanges({ retainLocks: true });
  }

  private _knows(xml: string): boolean {
    const schema = identifySchema(xml);
    return schema !== undefined && hasSchema(this, schema);
  }
}
