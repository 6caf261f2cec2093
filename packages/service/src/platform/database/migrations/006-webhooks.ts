import { sql, type Kysely } from "kysely";

/** Deliveries wait in their table, as runs do in theirs. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    owner_itwins jsonb NOT NULL,
    itwin_id uuid REFERENCES itwins ON DELETE CASCADE,
    callback_url text NOT NULL,
    event_types jsonb NOT NULL,
    secret text NOT NULL,
    is_active boolean NOT NULL,
    failing_since timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
  )`,
  `CREATE INDEX webhooks_owner ON webhooks (owner)`,
  `CREATE INDEX webhooks_itwin ON webhooks (itwin_id)`,
  `CREATE TABLE webhook_deliveries (
    message_id uuid PRIMARY KEY,
    webhook_id uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    body text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    available_at timestamptz NOT NULL DEFAULT now(),
    lease_id text,
    lease_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (available_at)`,
  `CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, lease_until)`,
];
