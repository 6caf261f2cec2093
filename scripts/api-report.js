// Writes the API reports, one for each entry of each package. Without --local it fails where one differs from what is
// committed. An undocumented member and a forgotten export always fail.
// Usage: node scripts/api-report.js [--local]
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { copyDeclarations } from "./entry-types.js";

const isLocal = process.argv.includes("--local");
const folders = [".", ...readdirSync("packages").map((name) => `packages/${name}`)];
const configurations = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^api-extractor.*\.json$/.test(name))
    .map((name) => join(folder, name)),
);
const typesFolder = resolve(copyDeclarations());

for (const configuration of configurations) {
  const config = prepare(configuration);
  const { succeeded, apiReportChanged, errorCount } = Extractor.invoke(config, { localBuild: isLocal });
  if (apiReportChanged && isLocal) console.log(`Updated ${config.reportFilePath}`);
  if (succeeded) continue;
  const fault = errorCount > 0 ? "the API has errors" : "the API differs from its report. Run: npm run api";
  console.error(`${configuration}: ${fault}`);
  process.exitCode = 1;
}

/** The entries of the framework beside the main entry, such as lib/tables/index.d.ts, are read from the copy. */
function prepare(configuration) {
  const path = resolve(configuration);
  const configObject = ExtractorConfig.loadFile(path);
  const packageFolder = dirname(path);
  const entry = configObject.mainEntryPointFilePath.replace("<projectFolder>/lib", typesFolder);
  if (packageFolder === resolve(".") && dirname(entry) !== typesFolder) configObject.mainEntryPointFilePath = entry;
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: path,
    packageJsonFullPath: join(packageFolder, "package.json"),
  });
}
