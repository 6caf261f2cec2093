// Writes the API reports, one for each entry of each package, or fails where one differs from what is committed.
// Usage: node scripts/api-report.js [--local]
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const isLocal = process.argv.includes("--local");
const folders = [".", ...readdirSync("packages").map((name) => `packages/${name}`)];
const configurations = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^api-extractor.*\.json$/.test(name))
    .map((name) => join(folder, name)),
);

for (const configuration of configurations) {
  const config = ExtractorConfig.loadFileAndPrepare(configuration);
  const { succeeded, apiReportChanged } = Extractor.invoke(config, { localBuild: isLocal });
  if (apiReportChanged && isLocal) console.log(`Updated ${config.reportFilePath}`);
  if (succeeded) continue;
  console.error(`${configuration}: the API differs from its report. Run: npm run api`);
  process.exitCode = 1;
}
