import { makeDatabase } from "./database.js";

/** Writes a SQLite file with a table of so many rows of 30,000 characters. */
export default function generate(path, entities) {
  makeDatabase(path, [
    "CREATE TABLE part (id TEXT PRIMARY KEY, note TEXT, x REAL)",
    `WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ${entities})
     INSERT INTO part SELECT 'P-' || n, n || ' ' || hex(zeroblob(15000)), n FROM number`,
  ]);
}
