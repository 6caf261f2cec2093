// Writes docs/api/openapi.json: the OpenAPI document that a service generates from the schemas of its routes. `--check`
// complains where it differs instead.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { startService } from "itwin-connector-framework/service";

const path = "docs/api/openapi.json";
const dataDirectory = mkdtempSync(join(tmpdir(), "openapi-"));
const service = await startService({ dataDirectory, port: 0, workers: 0, logLevel: "silent" });
const response = await fetch(`${service.url}/openapi.json`);
const current = await format(await response.text(), { parser: "json", printWidth: 120 });
await service.close();
rmSync(dataDirectory, { recursive: true });

if (!process.argv.includes("--check")) writeFileSync(path, current);
else if (!existsSync(path) || readFileSync(path, "utf8") !== current) {
  console.error(`${path} is not what the service generates. Run: npm run openapi`);
  process.exitCode = 1;
}
