import { Migrator, type Kysely } from "kysely";
import * as initial from "./migrations/001-initial.js";
import * as runsWaitInTheirTable from "./migrations/002-runs-wait-in-their-table.js";
import * as connectionsHaveRunOptions from "./migrations/003-connections-have-run-options.js";
import * as versionsHaveTiles from "./migrations/004-versions-have-tiles.js";
import * as scopesHaveConfigurations from "./migrations/005-scopes-have-configurations.js";
import * as webhooks from "./migrations/006-webhooks.js";
import type { Tables } from "./tables.js";

/** In the order in which they are carried out. What a released version has carried out is never changed. */
const migrations = {
  "001-initial": initial,
  "002-runs-wait-in-their-table": runsWaitInTheirTable,
  "003-connections-have-run-options": connectionsHaveRunOptions,
  "004-versions-have-tiles": versionsHaveTiles,
  "005-scopes-have-configurations": scopesHaveConfigurations,
  "006-webhooks": webhooks,
};

/**
 * Brings the tables to what this version of the service needs. Several services may start at once: one of them migrates,
 * and the others wait.
 * @throws Error of the database, with the name of the migration
 */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === "Error");
  throw new Error(`migration ${failed?.migrationName ?? "of the database"} failed`, { cause: error });
}
