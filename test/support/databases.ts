import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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
 * Puts an embedded database as it is after the first start of a service into a data directory that has none. Making one takes
 * 5 seconds of CPU, copying one 0.2: with a hundred services in the tests that counts. One process makes it for all of them.
 */
export async function placeDatabase(dataDirectory: string): Promise<void> {
  const place = join(dataDirectory, "database");
  if (existsSync(place)) return;
  const template = join(sharedFolder(), "database");
  while (!existsSync(template))
    if (mayMake(template)) await makeTemplate(template);
    else await delay(50);
  cpSync(template, place, { recursive: true });
}

/** Whether this process is the first that needs a folder of all processes, and so makes it. */
function mayMake(folder: string): boolean {
  try {
    mkdirSync(`${folder}.making`);
    return true;
  } catch {
    return false;
  }
}

async function makeTemplate(template: string): Promise<void> {
  const own = `${template}.making/database`;
  try {
    const database = await openDatabase({ folder: own });
    await database.close();
    renameSync(own, template);
  } catch (error) {
    rmSync(`${template}.making`, { recursive: true }); // for the next one to try
    throw error;
  }
}
