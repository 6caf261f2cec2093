import type { components } from "./openApi.js";

type Schemas = components["schemas"];

/** A file of a Storage. */
export type StorageFile = Schemas["File"];

/** A folder of a Storage. */
export type StorageFolder = Schemas["Folder"];

/** A storage connection or manifest connection. Lists that are not asked for whole have `id` and `displayName` only. */
export type Connection = Schemas["Connection"];

/** A file of the Storage, or a document that manifests name, of a connection. */
export type SourceFile = Schemas["SourceFile"];

/** One synchronization of what a connection has. It is over when its `state` is `Completed`. */
export type Run = Schemas["Run"];

/** What a run does with one connector. */
export type Job = Schemas["Job"];

/** What a job does with one file. */
export type Task = Schemas["Task"];

/** Where a run, a job or a task is. */
export type ExecutionState = Run["state"];

/** What a run, a job or a task came to. */
export type ExecutionResult = Run["result"];

/** An iModel. */
export type IModel = Schemas["IModel"];
