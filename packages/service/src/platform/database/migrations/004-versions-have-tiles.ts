import { sql, type Kysely } from "kysely";

/** Tiles wait in their table to be made, as runs do in theirs. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `CREATE TABLE version_tiles (
    imodel_id uuid NOT NULL REFERENCES imodels ON DELETE CASCADE,
    index integer NOT NULL,
    changeset_id text NOT NULL,
    state text NOT NULL,
    count integer,
    error jsonb,
    changed_at timestamptz NOT NULL,
    worker_id text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (imodel_id, index, changeset_id)
  )`,
  `CREATE INDEX version_tiles_waiting ON version_tiles (changed_at) WHERE state = 'waiting'`,
];
