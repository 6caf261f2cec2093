import { sql, type Kysely } from "kysely";

/** Runs wait in `runs` itself. Version 0.1.0 kept them in the schema of pg-boss as well, which stays as it is. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE runs ADD COLUMN available_at timestamptz NOT NULL DEFAULT now()`.execute(database);
  await sql`
    CREATE INDEX runs_waiting ON runs (available_at, sequence)
    WHERE worker_id IS NULL AND state <> 'Completed'`.execute(database);
}
