import Table from "cli-table3";
import { ExitCode } from "../exitCodes.js";
import { writeAsJson } from "../report.js";

/** The result of a command on a bank, for programs and for people. */
export interface BankReport {
  value: unknown;
  lines: string[];
  /** Default: `Done`. */
  exitCode?: ExitCode;
}

/**
 * Prints the result of a command.
 * @returns the exit code
 */
export function writeBankReport({ value, lines, exitCode = ExitCode.Done }: BankReport, json: boolean): ExitCode {
  if (json) writeAsJson(value);
  else process.stdout.write(`${lines.join("\n")}\n`);
  return exitCode;
}

/** Rows under headings, as lines. */
export function tableLines(head: string[], rows: (string | number)[][]): string[] {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString().split("\n");
}

/** A size as a person reads it. */
export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
