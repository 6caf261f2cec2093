/** Plain text, so that a whole line can be copied: yargs would break its own examples into a column. */
export const epilogue = `Examples:
  Import data.csv into the snapshot out/data.bim:
    connector-runner --connectorModule x.js --sourcePath data.csv \\
      --outputDir out --isSnapshot
  Show what would change, and write nothing:
    connector-runner --connectorModule x.js --sourcePath data.csv \\
      --outputDir out --isSnapshot --dryRun
  Write a page that shows what the run changed, in 3D:
    connector-runner --connectorModule x.js --sourcePath data.csv \\
      --outputDir out --report report.html
  Pass arguments to the connector:
    connector-runner --connectorModule x.js --sourcePath data.csv \\
      --outputDir out --argsJson args.json
  Read the arguments from a file, one per line:
    connector-runner @job.txt
  Import into the versioned iModel Plant of a bank:
    connector-runner --connectorModule x.js --sourcePath data.csv \\
      --iModelBankUrl bank --iModelName Plant
  Show what the last run changed there:
    connector-runner changes bank Plant
  Write the graphics of an iModel to plant.glb:
    connector-runner export plant.bim
  Compare two iModels, ignoring ids and time stamps:
    connector-runner diff before.bim after.bim
  Check a connector with the conformance suite:
    connector-runner verify --connectorModule x.js --sample sample
  Start a service with the connectors in service.json:
    connector-runner serve --data service --config service.json
  Import a file through a service that is started for this command:
    connector-runner populate --local plant.csv
  Import files into an iModel of a service or of the iTwin Platform:
    connector-runner populate --url URL --imodel ID plant.csv valves.xlsx
  Create a connector package in the folder site-survey:
    connector-runner init site-survey --from csv

Flags can also be written in kebab case, such as --source-path. If a flag is
repeated, the last value counts.
serve, work and populate --local need the package itwin-connector-service.
populate, follow and manifest run need the package itwin-connector-client.
export, view, picture and --report need the package itwin-connector-viewer.

Exit codes: 0 done; 1 the run failed and the iModel is unchanged, or the run is
done and its report failed; 2 wrong usage; 130 Ctrl-C, 143 SIGTERM: the iModel is
unchanged.
The other commands list their exit codes in their own --help.`;
