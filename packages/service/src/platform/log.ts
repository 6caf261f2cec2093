import { pino, type Logger } from "pino";

/** What is logged of an error. */
interface LoggedError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: LoggedError;
}

/** The log of a service. Of an error of the database it does not tell the values of the statement: they may be secrets. */
export function makeLog(level: string): Logger {
  return pino({ level, serializers: { err: describe } });
}

function describe(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { type: name, message, code, stack, cause: cause === undefined ? undefined : describe(cause) };
}
