import { sql, type Kysely } from "kysely";

/** The tables that `tables.ts` describes. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `CREATE TABLE itwins (
    id uuid PRIMARY KEY,
    display_name text NOT NULL,
    class text NOT NULL,
    sub_class text NOT NULL,
    type text,
    number text,
    status text NOT NULL,
    parent_id uuid,
    geographic_location text,
    iana_time_zone text,
    data_center_location text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL
  )`,
  `CREATE TABLE itwin_members (
    itwin_id uuid NOT NULL REFERENCES itwins ON DELETE CASCADE,
    subject text NOT NULL,
    PRIMARY KEY (itwin_id, subject)
  )`,
  `CREATE INDEX itwin_members_subject ON itwin_members (subject)`,
  `CREATE TABLE storage_items (
    id uuid PRIMARY KEY,
    itwin_id uuid NOT NULL REFERENCES itwins ON DELETE CASCADE,
    kind text NOT NULL,
    parent_id uuid NOT NULL,
    display_name text NOT NULL,
    description text,
    size bigint,
    content_key text,
    is_complete boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    modified_at timestamptz NOT NULL,
    modified_by text NOT NULL,
    modified_by_name text NOT NULL,
    deleted_at timestamptz,
    deleted_with uuid,
    sequence bigserial NOT NULL
  )`,
  `CREATE INDEX storage_items_parent ON storage_items (parent_id, kind, sequence)`,
  `CREATE INDEX storage_items_deleted ON storage_items (itwin_id) WHERE deleted_at IS NOT NULL`,
  `CREATE TABLE storage_uploads (
    key text PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES storage_items ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    requested_by_name text NOT NULL
  )`,
  `CREATE INDEX storage_uploads_item ON storage_uploads (item_id)`,
  `CREATE TABLE imodels (
    id uuid PRIMARY KEY,
    itwin_id uuid NOT NULL REFERENCES itwins,
    name text NOT NULL,
    description text,
    state text NOT NULL,
    extent jsonb,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    sequence bigserial NOT NULL,
    UNIQUE (itwin_id, name)
  )`,
  `CREATE TABLE changesets (
    imodel_id uuid NOT NULL REFERENCES imodels ON DELETE CASCADE,
    index integer NOT NULL,
    id text NOT NULL,
    parent_id text NOT NULL,
    changes_type integer NOT NULL,
    briefcase_id integer NOT NULL,
    description text NOT NULL,
    size bigint NOT NULL,
    checksum text NOT NULL,
    uncompressed_size bigint,
    pushed_at timestamptz NOT NULL,
    pushed_by text NOT NULL,
    run_id uuid,
    PRIMARY KEY (imodel_id, index),
    UNIQUE (imodel_id, id)
  )`,
  `CREATE TABLE checkpoints (
    imodel_id uuid NOT NULL REFERENCES imodels ON DELETE CASCADE,
    index integer NOT NULL,
    size bigint NOT NULL,
    checksum text NOT NULL,
    PRIMARY KEY (imodel_id, index)
  )`,
  `CREATE TABLE named_versions (
    id uuid PRIMARY KEY,
    imodel_id uuid NOT NULL REFERENCES imodels ON DELETE CASCADE,
    changeset_index integer NOT NULL,
    name text NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    UNIQUE (imodel_id, name)
  )`,
  `CREATE TABLE connections (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    imodel_id uuid NOT NULL REFERENCES imodels ON DELETE CASCADE,
    itwin_id uuid NOT NULL,
    display_name text,
    authentication_type text NOT NULL,
    last_run_id uuid,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    sequence bigserial NOT NULL
  )`,
  `CREATE INDEX connections_imodel ON connections (imodel_id, sequence)`,
  `CREATE TABLE source_files (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
    imodel_id uuid NOT NULL,
    storage_file_id uuid,
    connector_type text,
    last_known_file_name text,
    source_file_id text,
    sequence bigserial NOT NULL,
    UNIQUE (imodel_id, storage_file_id),
    UNIQUE (imodel_id, source_file_id)
  )`,
  `CREATE INDEX source_files_connection ON source_files (connection_id, sequence)`,
  `CREATE TABLE runs (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL REFERENCES connections ON DELETE CASCADE,
    imodel_id uuid NOT NULL,
    state text NOT NULL,
    result text NOT NULL,
    phase text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    error jsonb,
    jobs jsonb NOT NULL,
    manifest jsonb,
    requested_by text NOT NULL,
    worker_id text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    cancel_requested boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL,
    sequence bigserial NOT NULL
  )`,
  `CREATE UNIQUE INDEX runs_active ON runs (imodel_id) WHERE state <> 'Completed'`,
  `CREATE INDEX runs_connection ON runs (connection_id, sequence)`,
  `CREATE INDEX runs_updated ON runs (updated_at)`,
  `CREATE TABLE task_reports (
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    task_id uuid NOT NULL,
    report jsonb NOT NULL,
    PRIMARY KEY (run_id, task_id)
  )`,
  `CREATE TABLE secrets (
    name text PRIMARY KEY,
    value jsonb NOT NULL
  )`,
];
