import { sql, type Kysely } from "kysely";

/** Null stands for the defaults. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE connections ADD COLUMN run_options jsonb`.execute(database);
}
