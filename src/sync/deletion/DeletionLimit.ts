import { ConnectorError } from "../../ConnectorError.js";

/**
 * How many entities a run may delete: a part of those that a document had, or a number. Without either there is no limit.
 * @public
 */
export interface DeletionLimit {
  /** Of those that a document had, in percent. */
  percent?: number;
  /** In the whole run. */
  count?: number;
  /** Where there were fewer entities than this, there is no limit. Default: 0. */
  from?: number;
}

/**
 * What a run may delete if it is not told anything else. A source that lost more than half of its entities is more often an
 * export that failed or a wrong file than a decision. Below a hundred entities, deletions are common and easy to see.
 */
const defaultLimit: DeletionLimit = { percent: 50, from: 100 };

/**
 * Reads a limit that a user gives.
 * @param given - a percentage such as `5%`, a number, or `none`. Default: half of a document that had a hundred entities
 * @throws ConnectorError `usage/max-deletions`
 */
export function readDeletionLimit(given: string | number | undefined): DeletionLimit {
  if (given === undefined) return defaultLimit;
  const text = String(given).trim();
  if (text === "none") return {};
  const [, number, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(number);
  if (sign === "%" && value <= 100) return { percent: value };
  if (sign === "" && Number.isSafeInteger(value)) return { count: value };
  throw new ConnectorError("usage/max-deletions", `maxDeletions is "${text}", which is no limit of deletions.`, {
    advice: "Give a percentage up to 100%, such as 5%, a whole number, or none for no limit.",
  });
}
