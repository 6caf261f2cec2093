import type { EntityDetails, EntityRecord, GeoReferences, ReportedIssue, Survey } from "../model/records.js";
import type { FaultDescription } from "./IfcFault.js";
import type { ShapeOptions } from "../model/meshed/ShapeOptions.js";

/** What the worker is started with. */
export interface WorkerData {
  readonly path: string;
  readonly options: ShapeOptions;
  /** How many threads mesh. */
  readonly threads: number;
  /** Whether the iModel has nothing of the file, so that all of it is to be meshed. */
  readonly isNew: boolean;
}

/** What the worker can be asked for, with the answers. */
export interface Requests {
  survey: { args: readonly []; answer: Survey };
  place: { args: readonly []; answer: GeoReferences };
  records: { args: readonly [start: number, count: number]; answer: EntityRecord[] };
  /** Says which of the last records will be asked for in detail, in this order. */
  expect: { args: readonly [instances: readonly number[]]; answer: undefined };
  details: { args: readonly [instance: number]; answer: EntityDetails };
  finish: { args: readonly []; answer: ReportedIssue[] };
}

/** A question to the worker. It answers one after the other, so that it is never ahead of what is asked for. */
export interface Request<Name extends keyof Requests = keyof Requests> {
  readonly number: number;
  readonly name: Name;
  readonly args: Requests[Name]["args"];
}

/** What the worker sends: the answer to a question, a fault, or how far it is. */
export type Reply =
  | { readonly number: number; readonly answer: Requests[keyof Requests]["answer"]; readonly issues: ReportedIssue[] }
  | { readonly number: number; readonly fault: FaultDescription }
  | { readonly number: number; readonly failure: string }
  | { readonly done: number; readonly total: number };
