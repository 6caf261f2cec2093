/**
 * The thread in which the embedded Postgres runs: a long statement does not keep the process from answering. The thread ends
 * when its session is broken, so that another one can open the database again.
 */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, messages, type Results } from "@electric-sql/pglite";
import type { Statement, StatementAnswer } from "./embeddedMessages.js";
import { int8 } from "./int8.js";

const { folder } = workerData as { folder: string };
const session = await PGlite.create(folder, { parsers: { [int8]: Number } });
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (message: Statement | "close") => {
  last = last.then(() => (message === "close" ? close() : carryOut(message)));
});
tell({ kind: "opened" });

async function carryOut({ id, sql, parameters }: Statement): Promise<void> {
  try {
    const results = await session.query<object>(sql, parameters);
    if (saysNothing(results)) await ensureSound();
    tell({ kind: "done", id, rows: results.rows, affected: results.affectedRows ?? 0 });
  } catch (error) {
    await ensureSound();
    const { message, code, detail } = error as messages.DatabaseError;
    tell({ kind: "failed", id, error: { message, code, detail } });
  }
}

/** A session that is broken gives such results for all statements; sound ones are rare. */
function saysNothing({ fields, rows, affectedRows = 0 }: Results<object>): boolean {
  return fields.length === 0 && rows.length === 0 && affectedRows === 0;
}

/** Ends the thread, unless the session answers a question whose answer is known. */
async function ensureSound(): Promise<void> {
  try {
    const { rows } = await session.query<{ one: number }>("SELECT 1 AS one");
    if (rows[0]?.one === 1) return;
  } catch (error) {
    // In a transaction that has failed, a sound session refuses all statements.
    if ((error as messages.DatabaseError).code === "25P02") return;
  }
  process.exit(1); // of a thread, it ends the thread alone
}

async function close(): Promise<void> {
  await session.close();
  process.exit(0);
}

function tell(answer: StatementAnswer): void {
  parentPort?.postMessage(answer);
}
