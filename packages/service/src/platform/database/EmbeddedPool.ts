import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { ensureBounded } from "./boundedStatement.js";
import { DatabaseUnavailable } from "./DatabaseUnavailable.js";
import type { Statement, StatementAnswer } from "./embeddedMessages.js";

/** Who waits for the answer to a statement. */
interface Waiting {
  resolve: (result: PostgresQueryResult<unknown>) => void;
  reject: (error: Error) => void;
}

/** An embedded Postgres, which has one session: who connects waits until those before have released it. */
export class EmbeddedPool implements PostgresPool {
  private readonly _waiting = new Map<number, Waiting>();
  private _thread?: Promise<Worker>;
  private _lastId = 0;
  private _released: Promise<unknown> = Promise.resolve();

  /** @param _folder - of the database, which is made if it is missing */
  public constructor(private readonly _folder: string) {}

  public async connect(): Promise<PostgresPoolClient> {
    const before = this._released;
    let release = () => {};
    this._released = new Promise<void>((resolve) => (release = resolve));
    await before;
    try {
      const thread = await (this._thread ??= this._open());
      const query = (sql: string, parameters: readonly unknown[]) => this._query(thread, sql, parameters);
      return {
        query: query as PostgresPoolClient["query"],
        release,
      };
    } catch (error) {
      this._thread = undefined;
      release();
      throw new DatabaseUnavailable(error);
    }
  }

  public async end(): Promise<void> {
    await this._released;
    const thread = await this._thread?.catch(() => undefined); // who waited for it has heard why it could not be opened
    if (thread === undefined || this._thread === undefined) return;
    const ended = once(thread, "exit");
    thread.postMessage("close");
    await ended;
  }

  private async _open(): Promise<Worker> {
    const program = new URL(`./embeddedThread${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
    const thread = new Worker(program, { workerData: { folder: this._folder } });
    thread.on("error", (error) => this._onEnd(error));
    thread.on("exit", () => this._onEnd(new Error("its session was broken")));
    await new Promise<void>((resolve, reject) => {
      thread.on("message", (answer: StatementAnswer) =>
        answer.kind === "opened" ? resolve() : this._onAnswer(answer),
      );
      thread.once("error", reject);
      thread.once("exit", () => reject(new Error("it could not be opened")));
    });
    return thread;
  }

  private async _query(
    thread: Worker,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<unknown>> {
    ensureBounded(parameters);
    if ((await this._thread) !== thread) throw new DatabaseUnavailable(new Error("its session was broken"));
    const statement: Statement = { id: ++this._lastId, sql, parameters: [...parameters] };
    return new Promise((resolve, reject) => {
      this._waiting.set(statement.id, { resolve, reject });
      thread.postMessage(statement);
    });
  }

  private _onAnswer(answer: Exclude<StatementAnswer, { kind: "opened" }>): void {
    const waiting = this._waiting.get(answer.id);
    this._waiting.delete(answer.id);
    if (answer.kind === "failed") waiting?.reject(Object.assign(new Error(answer.error.message), answer.error));
    else waiting?.resolve({ command: "UPDATE", rowCount: answer.affected, rows: answer.rows });
  }

  /** The next who connects opens it again. */
  private _onEnd(error: Error): void {
    this._thread = undefined;
    for (const { reject } of this._waiting.values()) reject(new DatabaseUnavailable(error));
    this._waiting.clear();
  }
}
