// Makes the reports of the API, one for each entry of the package, or complains where one differs from docs/api.
// Usage: node scripts/api-report.js [--local]
import { readdirSync } from "node:fs";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const isLocal = process.argv.includes("--local");
const configurations = readdirSync(".").filter((name) => /^api-extractor.*\.json$/.test(name));

for (const configuration of configurations) {
  const config = ExtractorConfig.loadFileAndPrepare(configuration);
  const { succeeded, apiReportChanged } = Extractor.invoke(config, { localBuild: isLocal });
  if (apiReportChanged && isLocal) console.log(`Updated ${config.reportFilePath}`);
  if (succeeded) continue;
  console.error(`The API of ${configuration} differs from its report. Run: npm run api`);
  process.exitCode = 1;
}
