import type { IModelDb } from "@itwin/core-backend";
import type { QueryOptions, QueryPropertyMetaData } from "@itwin/core-common";
import { messageOf } from "../ConnectorError.js";

/** How a query went, and what it found. */
export interface QueryOutcome {
  /** `partial`: the time or the memory was not enough for all rows. */
  readonly state: "done" | "partial" | "busy" | "failed";
  readonly columns: readonly QueryPropertyMetaData[];
  readonly rows: readonly (readonly unknown[])[];
  /** What the platform says of a query that failed. */
  readonly error?: string;
}

/** Runs an ECSQL query with the platform's public reader. */
export async function readQuery(imodel: IModelDb, ecsql: string, options: QueryOptions): Promise<QueryOutcome> {
  try {
    const reader = imodel.createQueryReader(ecsql, undefined, options);
    const rows: unknown[][] = [];
    while (await reader.step()) rows.push(reader.current.toArray() as unknown[]);
    return { state: "done", columns: await reader.getMetaData(), rows };
  } catch (error) {
    return { state: "failed", columns: [], rows: [], error: messageOf(error) };
  }
}
