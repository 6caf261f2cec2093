import { basename } from "node:path";
import type { ConnectorError, RunResult } from "itwin-connector-framework";
import type { ModelContents } from "../elements/ModelContents.js";
import { readRows, idIn, textIn } from "../elements/rows.js";

/**
 * A run, as its report needs it.
 * @public
 */
export interface ReportedRun {
  /** What the run did. A run that failed has a report without the iModel. */
  readonly result: RunResult;
  /** The path of a copy of the iModel as it was before the run. Without it everything is new. */
  readonly before?: string;
  /** The module of the connector, as the user named it. */
  readonly connectorModule?: string;
  /** The source, as the user named it. */
  readonly source?: string;
  /** When the run began. */
  readonly started: Date;
  /** When the run ended. */
  readonly ended: Date;
}

/** What the page shows of a run, without what it says of the iModel. */
export function describeRun(run: ReportedRun): Record<string, unknown> {
  const { result, connectorModule, source, started, ended } = run;
  const { job, iModelPath, version, error } = result;
  return {
    ...result,
    changes: undefined, // the page has those of the iModel
    connector: job?.connector ?? connectorModule,
    connectorVersion: job?.connectorVersion,
    job: job?.name,
    source,
    started: started.toISOString(),
    ended: ended.toISOString(),
    iModel: nameOfIModel(run),
    iModelPath: version === undefined ? iModelPath : undefined, // else it is that of a briefcase in the cache
    error: error && describeError(error),
  };
}

/** How the user knows the iModel. */
export function nameOfIModel({ result: { iModelPath = "", version } }: ReportedRun): string {
  return version === undefined ? basename(iModelPath) : `${version.place}, version ${version.changesetIndex}`;
}

function describeError({ code, phase, message, source, advice }: ConnectorError): Record<string, unknown> {
  return { code, phase, message, source, advice };
}

/** The elements of the first examples of what was not imported, by example: where an example is the identifier of an item. */
export async function readExamples(
  { imodel }: ModelContents,
  { result }: ReportedRun,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { example } of result.notImported) {
    const ecsql = "SELECT Element.Id, Identifier FROM bis.ExternalSourceAspect WHERE Identifier=? LIMIT 1";
    const [row] = await readRows(imodel, ecsql, [example]);
    if (row !== undefined) found[textIn(row, 1) ?? ""] = idIn(row, 0);
  }
  return found;
}
