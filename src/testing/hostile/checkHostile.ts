import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expectDefined } from "@itwin/core-bentley";
import { describeLocation, type ConnectorError } from "../../ConnectorError.js";
import { startHost } from "../../imodel/host.js";
import type { RunResult } from "../../run/RunResult.js";
import { describeCounts } from "../bench/ConformanceCheck.js";
import { expectThat, Finding } from "../bench/Finding.js";
import { hashOf } from "../bench/IModelState.js";
import { describeError, Workbench } from "../bench/Workbench.js";
import type { HostileSource, HostileSources } from "./HostileSource.js";

/**
 * A connector with hostile sources of its format.
 * @public
 */
export interface HostileSubject extends HostileSources {
  /** Path of the module, or the name of a package, as for `connector-runner`. */
  connectorModule: string;
  /** Arguments for the connector. */
  argsJson?: unknown;
}

/** The objects that others inherit from. */
const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];

/**
 * Runs a connector on a hostile source. It must synchronize every record, or refuse the source with a `ConnectorError`
 * that names the place and leave the iModel as it was; a prototype of JavaScript stays as it was in both cases.
 * @returns what became of the source
 * @throws Error that says what was expected and found
 * @public
 */
export async function checkHostileSource(subject: HostileSubject, source: HostileSource): Promise<string> {
  const stopHost = await startHost();
  const bench = await HostileBench.open(subject);
  try {
    return await bench.check(source);
  } finally {
    bench.dispose();
    await stopHost();
  }
}

/** An iModel of the plain source. It is restored before each hostile source. */
export class HostileBench {
  private constructor(
    private readonly _bench: Workbench,
    private readonly _path: string,
  ) {}

  public static async open({ connectorModule, argsJson, fileName, plain }: HostileSubject): Promise<HostileBench> {
    const bench = new Workbench(connectorModule, argsJson);
    mkdirSync(bench.sourceFolder);
    const path = join(bench.sourceFolder, fileName);
    await plain.write(path);
    await bench.sync(path);
    bench.keep();
    return new HostileBench(bench, path);
  }

  /** As `checkHostileSource`. */
  public async check(source: HostileSource): Promise<string> {
    this._bench.restore();
    rmSync(this._bench.sourceFolder, { recursive: true });
    mkdirSync(this._bench.sourceFolder);
    await source.write(this._path);
    return meet(this._bench, this._path, source);
  }

  public dispose(): void {
    this._bench.dispose();
  }
}

async function meet(bench: Workbench, path: string, source: HostileSource): Promise<string> {
  const iModelPath = expectDefined(bench.iModelPath);
  const before = hashOf(iModelPath);
  const inherited = inheritedKeys();
  const result = await bench.run(path);
  expectThat(inheritedKeys() === inherited, "prototypes as they were", "polluted ones");
  if (result.error === undefined) return acceptance(bench, path, source, result);
  expectThat(existsSync(iModelPath) && hashOf(iModelPath) === before, "the iModel as it was", "another one");
  return refusal(result.error);
}

/** A raw error of a connector gets a code of the run, since it has none. */
function refusal(error: ConnectorError): string {
  const found = describeError(error);
  expectThat(!/^run\/.*-failed$/.test(error.code), "a ConnectorError with a code of the connector", found);
  expectThat(describeLocation(error.source) !== "", "an error that names the place", found);
  return found;
}

/** A record that is left out is an issue of the run. What was accepted once is known when it is read again. */
async function acceptance(bench: Workbench, path: string, { records }: HostileSource, result: RunResult) {
  const found = describeCounts(result);
  const seen = result.counts.new + result.counts.changed + result.counts.unchanged;
  const known = seen + result.issues.length + result.unlistedIssues;
  if (records !== undefined) expectThat(known >= records, `${records} records to be seen or reported`, found);
  const { elements } = await bench.sync(path, { job: { doDetectDeletedElements: false } });
  const written = elements.inserted + elements.updated + elements.deleted;
  if (written > 0) throw new Finding("the same source to write nothing when it is read again", `${written} elements`);
  return found;
}

function inheritedKeys(): string {
  return prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join("|");
}
