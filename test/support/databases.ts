import { cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { openDatabase } from "../../packages/service/src/platform/database/openDatabase.js";
import { sharedFolder } from "./temporary.js";

/**
 * A database for one service: in its data directory, or on the server that all tests use, where there is one; see
 * scripts/test-on-postgres.js.
 */
export async function ownDatabase(dataDirectory: string): Promise<{ databaseUrl?: string }> {
  const server = process.env.TEST_DATABASE_URL;
  if (server !== undefined) return { databaseUrl: await createDatabase(server) };
  await placeDatabase(dataDirectory);
  return {};
}

async function createDatabase(server: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return server.replace(/postgres$/, name);
}

/**
 * Puts an embedded database as it is after the first start of a service into a data directory that has none. To make one takes 5 seconds of
 * CPU, to copy one 0.2: with a hundred services in the tests that counts.
 */
export async function placeDatabase(dataDirectory: string): Promise<void> {
  const place = join(dataDirectory, "database");
  if (existsSync(place)) return;
  const template = join(sharedFolder(), "database");
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, place, { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  const own = join(sharedFolder(), String(process.pid));
  mkdirSync(own);
  const database = await openDatabase({ folder: join(own, "database") });
  await database.close();
  if (!existsSync(template)) renameSync(join(own, "database"), template); // another process of the tests may have been first
}
