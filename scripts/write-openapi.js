// Writes packages/service/openapi.json, the OpenAPI document that a service generates from the schemas of its routes, and
// packages/client/openapi/index.d.ts, what of it the client uses as types. `--check` complains where one differs instead.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { format } from "prettier";
import { startService } from "itwin-connector-service";

const documentPath = "packages/service/openapi.json";
const typesPath = "packages/client/openapi/index.d.ts";
const tagsOfClient = ["Storage", "Synchronization", "iModels", "iTwins"];

const document = await describeService();
const generated = {
  [documentPath]: await format(JSON.stringify(document), { parser: "json", printWidth: 120 }),
  [typesPath]: await format(await typesOf(document), { parser: "typescript", printWidth: 120 }),
};
for (const [path, current] of Object.entries(generated)) {
  if (!process.argv.includes("--check")) writeFileSync(path, current);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== current) {
    console.error(`${path} is not what the service generates. Run: npm run openapi`);
    process.exitCode = 1;
  }
}

async function describeService() {
  const dataDirectory = mkdtempSync(join(tmpdir(), "openapi-"));
  const service = await startService({ dataDirectory, port: 0, workers: 0, logLevel: "silent" });
  const response = await fetch(`${service.url}/openapi.json`);
  const described = await response.json();
  await service.close();
  rmSync(dataDirectory, { recursive: true });
  return described;
}

async function typesOf(described) {
  const head = "// Generated from packages/service/openapi.json: npm run openapi\n\n";
  return head + astToString(await openapiTS({ ...described, paths: pathsOfClient(described) }, { alphabetize: true }));
}

function pathsOfClient({ paths }) {
  const ofClient = (operations) => Object.values(operations).some(({ tags }) => tagsOfClient.includes(tags[0]));
  return Object.fromEntries(Object.entries(paths).filter(([, operations]) => ofClient(operations)));
}
