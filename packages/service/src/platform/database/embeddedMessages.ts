/** A statement for the embedded database. */
export interface Statement {
  id: number;
  sql: string;
  parameters: unknown[];
}

/** What the thread of the embedded database answers. */
export type StatementAnswer =
  | { kind: "opened" }
  | { kind: "done"; id: number; rows: unknown[]; affected: number }
  | { kind: "failed"; id: number; error: { message: string; code?: string; detail?: string } };
