import type { components } from "itwin-connector-client/openapi";

/** A file of a Storage. */
export type StorageFile = components["schemas"]["File"];

/** A folder of a Storage. */
export type StorageFolder = components["schemas"]["Folder"];

/** A storage connection or manifest connection. Lists that are not asked for whole have `id` and `displayName` only. */
export type Connection = components["schemas"]["Connection"];

/** A file of the Storage, or a document that manifests name, of a connection. */
export type SourceFile = components["schemas"]["SourceFile"];

/** One synchronization of what a connection has. It is over when its `state` is `Completed`. */
export type Run = components["schemas"]["Run"];

/** What a run does with one connector. */
export type Job = components["schemas"]["Job"];

/** What a job does with one file. */
export type Task = components["schemas"]["Task"];

/** Where a run, a job or a task is. */
export type ExecutionState = Run["state"];

/** What a run, a job or a task came to. */
export type ExecutionResult = Run["result"];

/** An iModel. */
export type IModel = components["schemas"]["IModel"];
