import type { ChangesetType } from "@itwin/core-common";
import type { Generated, Insertable, JSONColumnType, Selectable } from "kysely";
import type { RunJob, RunError } from "./columns/RunState.js";
import type { ExecutionResult, ExecutionState, RunPhaseName } from "./columns/RunState.js";
import type { ConnectionOptions } from "./columns/ConnectionOptions.js";
import type { Settings } from "./columns/Settings.js";
import type { Manifest } from "./columns/Manifest.js";

/** A column that the service sets itself, as a Date. */
type Time = Date;

/** A tenant: whoever is no member of it sees nothing of what belongs to it. */
export interface ITwinTable {
  id: string;
  display_name: string;
  class: string;
  sub_class: string;
  type: string | null;
  number: string | null;
  status: string;
  parent_id: string | null;
  geographic_location: string | null;
  iana_time_zone: string | null;
  data_center_location: string | null;
  created_at: Time;
  created_by: string;
}

/** Who may use an iTwin. */
export interface ITwinMemberTable {
  itwin_id: string;
  /** The `sub` of the tokens of the member. */
  subject: string;
}

/** A file or a folder of the storage. The root folder of an iTwin has the id of the iTwin, and no row. */
export interface StorageItemTable {
  id: string;
  itwin_id: string;
  kind: "file" | "folder";
  /** The id of the folder that it is in; that of the iTwin for its root folder. */
  parent_id: string;
  display_name: string;
  description: string | null;
  /** Of the current content of a file, in bytes. */
  size: number | null;
  /** Where the current content of a file is in the blob store; null until the first upload. */
  content_key: string | null;
  /** Whether it is listed: a new file is when its bytes have arrived, a folder always. */
  is_complete: boolean;
  created_at: Time;
  created_by: string;
  created_by_name: string;
  modified_at: Time;
  modified_by: string;
  modified_by_name: string;
  /** When it went to the recycle bin. */
  deleted_at: Time | null;
  /** Which deletion took it there: the id of the item that was deleted, or of a folder above it. */
  deleted_with: string | null;
  /** The order of creation. */
  sequence: Generated<number>;
}

/** An upload that was begun and, as far as the service knows, has not arrived. A file may have several. */
export interface StorageUploadTable {
  /** Where it goes in the blob store. */
  key: string;
  item_id: string;
  /** When its URL runs out. */
  expires_at: Time;
  requested_by: string;
  requested_by_name: string;
}

/** An iModel. Its versions are in changesets and checkpoints; the files of these are in the blob store. */
export interface IModelTable {
  id: string;
  itwin_id: string;
  /** Unique within the iTwin. */
  name: string;
  description: string | null;
  state: "initialized" | "notInitialized";
  extent: JSONColumnType<object | null, string | null, string | null>;
  created_at: Time;
  created_by: string;
  sequence: Generated<number>;
}

/** A changeset of an iModel, which leads from version index-1 to version index. */
export interface ChangesetTable {
  imodel_id: string;
  index: number;
  /** Its id, a hash in 40 hexadecimal digits. */
  id: string;
  parent_id: string;
  changes_type: ChangesetType;
  briefcase_id: number;
  description: string;
  /** Of the file, in bytes. */
  size: number;
  /** SHA-256 of the file. */
  checksum: string;
  uncompressed_size: number | null;
  pushed_at: Time;
  pushed_by: string;
  /** The run that pushed it. */
  run_id: string | null;
}

/** An iModel as it was at a version, as a file in the blob store. */
export interface CheckpointTable {
  imodel_id: string;
  /** The index of the changeset; 0 is the version that the iModel was created with. */
  index: number;
  size: number;
  checksum: string;
}

/** A version with a name. */
export interface NamedVersionTable {
  id: string;
  imodel_id: string;
  changeset_index: number;
  name: string;
  description: string | null;
  created_at: Time;
  created_by: string;
}

/** The tiles of a version, for its picture in the page. Somebody has asked for them. */
export interface VersionTilesTable {
  imodel_id: string;
  index: number;
  /** The changeset of the version; empty for version 0. A database that was restored may have another one at the index. */
  changeset_id: string;
  state: "waiting" | "made" | "failed";
  /** How many files with graphics there are: none where the version has nothing to show. Null until they are made. */
  count: number | null;
  /** Why they cannot be made. */
  error: JSONColumnType<RunError | null, string | null, string | null>;
  /** When the state changed last. */
  changed_at: Time;
  /** The worker that makes them, until `lease_until`. */
  worker_id: string | null;
  lease_until: Time | null;
  /** How often a worker has begun to make them. */
  attempts: Generated<number>;
}

/** A storage connection or a manifest connection. */
export interface ConnectionTable {
  id: string;
  kind: "storage" | "manifest";
  imodel_id: string;
  itwin_id: string;
  display_name: string | null;
  authentication_type: "User" | "Service";
  /** Null for the defaults. */
  run_options: JSONColumnType<ConnectionOptions | null, string | null, string | null>;
  last_run_id: string | null;
  created_at: Time;
  created_by: string;
  sequence: Generated<number>;
}

/** What was set on an iTwin, an iModel or a connection. One of the three ids is there, and is the same as `scope_id`. */
export interface ConfigurationTable {
  scope_id: string;
  itwin_id: string | null;
  imodel_id: string | null;
  connection_id: string | null;
  settings: JSONColumnType<Settings>;
}

/** A source file of a connection. */
export interface SourceFileTable {
  id: string;
  connection_id: string;
  imodel_id: string;
  /** The file in the storage, of a storage connection; mapped to an iModel by one connection at most. */
  storage_file_id: string | null;
  connector_type: string | null;
  last_known_file_name: string | null;
  /** The caller's own id of the document, of a manifest connection. */
  source_file_id: string | null;
  sequence: Generated<number>;
}

/** A run of a connection. At most one run of an iModel is not `Completed`; an index sees to it. */
export interface RunTable {
  id: string;
  connection_id: string;
  imodel_id: string;
  state: ExecutionState;
  result: ExecutionResult;
  phase: RunPhaseName;
  started_at: Time;
  ended_at: Time | null;
  error: JSONColumnType<RunError | null, string | null, string | null>;
  jobs: JSONColumnType<RunJob[]>;
  /** What was asked for, of a manifest connection. */
  manifest: JSONColumnType<Manifest | null, string | null, string | null>;
  /** What is set for the run, as it was when the run was created. Null in runs of older versions. */
  settings: JSONColumnType<Settings | null, string | null, string | null>;
  requested_by: string;
  /** The worker that has the run, until `lease_until`. */
  worker_id: string | null;
  lease_until: Time | null;
  /** Until then no worker takes the run. */
  available_at: Generated<Time>;
  /** How often a worker has taken it up. */
  attempts: number;
  cancel_requested: boolean;
  /** When the row changed last. */
  updated_at: Time;
  sequence: Generated<number>;
}

/** What a task of a run came to, in full: the counts, issues and phases of the `RunResult`. */
export interface TaskReportTable {
  run_id: string;
  task_id: string;
  report: JSONColumnType<object>;
}

/** Where a client wants to be told of events. */
export interface WebhookTable {
  id: string;
  /** The `sub` of the tokens of the client that made it. */
  owner: string;
  /** The iTwins that the owner's token named when the webhook was created or changed last; `*` for all. */
  owner_itwins: JSONColumnType<string[]>;
  /** Null for all iTwins that the owner may use. */
  itwin_id: string | null;
  callback_url: string;
  event_types: JSONColumnType<string[]>;
  secret: string;
  is_active: boolean;
  /** Since when no delivery has arrived; null where the last one did. */
  failing_since: Time | null;
  created_at: Time;
  modified_at: Time;
}

/** An event that waits to be sent to a webhook. It is removed when it has arrived, or is given up. */
export interface WebhookDeliveryTable {
  message_id: string;
  webhook_id: string;
  /** The same at each attempt. */
  body: string;
  /** How often it was begun to be sent. */
  attempts: Generated<number>;
  available_at: Generated<Time>;
  /** Who sends it, until `lease_until`. */
  lease_id: string | null;
  lease_until: Time | null;
  created_at: Generated<Time>;
}

/** What all processes of a service share and nobody else may know: keys for tokens and for pre-signed URLs. */
export interface SecretTable {
  name: string;
  value: JSONColumnType<object>;
}

/** All tables of the service. */
export interface Tables {
  itwins: ITwinTable;
  itwin_members: ITwinMemberTable;
  storage_items: StorageItemTable;
  storage_uploads: StorageUploadTable;
  imodels: IModelTable;
  changesets: ChangesetTable;
  checkpoints: CheckpointTable;
  named_versions: NamedVersionTable;
  version_tiles: VersionTilesTable;
  connections: ConnectionTable;
  configurations: ConfigurationTable;
  source_files: SourceFileTable;
  runs: RunTable;
  task_reports: TaskReportTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  secrets: SecretTable;
}

export type StorageItem = Selectable<StorageItemTable>;
export type StorageUpload = Selectable<StorageUploadTable>;
export type NewStorageItem = Insertable<StorageItemTable>;
export type IModelRow = Selectable<IModelTable>;
export type ConnectionRow = Selectable<ConnectionTable>;
export type SourceFileRow = Selectable<SourceFileTable>;
export type WebhookRow = Selectable<WebhookTable>;
export type RunRow = Selectable<RunTable>;
