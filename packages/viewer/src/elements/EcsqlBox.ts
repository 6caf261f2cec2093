import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "itwin-connector-framework";
import { limitQueryTime, queryOnce, type OpenedIModel } from "itwin-connector-framework/internal";
import { placeOf } from "./ecsqlPlace.js";

/** A column of the result of a query. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** The result of a query. */
export interface EcsqlResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether the query has more rows, or ran out of time before it had all. */
  readonly more: boolean;
}

/** Seconds that a query may take. */
export const querySeconds = 10;

/** Longer statements are not read. */
const longestStatement = 100_000;

/** Runs queries of users on an iModel. It opens the file once more, so that a long query keeps no other one waiting. */
export class EcsqlBox {
  private _opened?: OpenedIModel;

  /** @param _open - opens the iModel for reading */
  public constructor(
    private readonly _open: () => OpenedIModel,
    private readonly _seconds = querySeconds,
  ) {}

  /**
   * Runs a query. Only what reads is possible.
   * @param limit - so many rows at most
   * @throws ConnectorError `viewer/ecsql`, `viewer/ecsql-time`, `viewer/busy`
   */
  public async run(ecsql: string, limit: number): Promise<EcsqlResult> {
    const statement = withoutSemicolon(ecsql);
    const { state, columns, rows, error } = await queryOnce(this._imodel, statement, limit + 1);
    if (state === "failed") throw ecsqlFault(error ?? "", statement);
    if (state === "busy") throw busy();
    if (state === "partial" && rows.length === 0) throw tooLong(this._seconds);
    return {
      columns: columns.map(({ name, typeName, extendedType }) => ({ name, type: extendedType || typeName })),
      rows: rows.slice(0, limit),
      more: rows.length > limit || state === "partial",
    };
  }

  /** Closes the iModel. */
  public close(): void {
    this._opened?.close();
    this._opened = undefined;
  }

  private get _imodel(): IModelDb {
    if (this._opened === undefined) {
      this._opened = this._open();
      limitQueryTime(this._opened.imodel, this._seconds);
    }
    return this._opened.imodel;
  }
}

function withoutSemicolon(ecsql: string): string {
  const statement = ecsql.trimEnd().replace(/;$/, "");
  if (statement.trim() === "") throw refused("The statement is empty.");
  if (statement.length > longestStatement)
    throw refused(`The statement is longer than ${longestStatement.toLocaleString("en")} characters.`);
  return statement;
}

function refused(message: string): ConnectorError {
  return new ConnectorError("viewer/ecsql", message, {
    advice: "Write one SELECT, such as: SELECT ECInstanceId, UserLabel FROM bis.Element",
  });
}

function busy(): ConnectorError {
  const advice = "Wait until they are done.";
  return new ConnectorError("viewer/busy", "Too many queries are running.", { recovery: "retriable", advice });
}

function tooLong(seconds: number): ConnectorError {
  return new ConnectorError("viewer/ecsql-time", `The query found nothing within ${seconds} s, and was ended.`, {
    advice: "Ask for less, for instance with a WHERE on a property that few elements have.",
  });
}

/** What is wrong with a statement, and where. @param error - what the platform says */
export function ecsqlFault(error: string, ecsql: string): ConnectorError {
  const reason = reasonOf(error);
  return refused(`The query cannot be run: ${reason}${placeOf(ecsql, reason)}.`);
}

/** Without the statement that the platform repeats, and has wrapped into another one. */
function reasonOf(error: string): string {
  const reason = error.replace(/^Failed to parse ECSQL '[^]*':\s*/, "").replace(/[\s.]+$/, "");
  return reason === "" ? "it is no valid ECSQL" : reason;
}
