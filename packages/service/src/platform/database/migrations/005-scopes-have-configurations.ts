import { sql, type Kysely } from "kysely";

/** A configuration goes with the iTwin, the iModel or the connection that it is for. Null stands for the defaults in runs. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `CREATE TABLE configurations (
    scope_id uuid PRIMARY KEY,
    itwin_id uuid REFERENCES itwins ON DELETE CASCADE,
    imodel_id uuid REFERENCES imodels ON DELETE CASCADE,
    connection_id uuid REFERENCES connections ON DELETE CASCADE,
    settings jsonb NOT NULL,
    CHECK (num_nonnulls(itwin_id, imodel_id, connection_id) = 1)
  )`,
  `CREATE INDEX configurations_itwin ON configurations (itwin_id)`,
  `CREATE INDEX configurations_imodel ON configurations (imodel_id)`,
  `CREATE INDEX configurations_connection ON configurations (connection_id)`,
  `ALTER TABLE runs ADD COLUMN settings jsonb`,
];
