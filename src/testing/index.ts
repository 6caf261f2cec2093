/**
 * Tests for connectors: a conformance suite that runs on any connector and a sample of its sources, and hostile sources.
 *
 * @packageDocumentation
 */
export {
  checkConnector,
  conformanceChecks,
  runCheck,
  type CheckResult,
  type ConnectorUnderTest,
} from "./conformance.js";
export { describeConnector, type DescribeConnectorOptions } from "./describeConnector.js";
export type { ItemCounts } from "../run/RunResult.js";
export type { SourceGenerator } from "./bench/Sample.js";
export type { MemoryBound, SampleDescription, SampleVersion } from "./bench/SampleDescription.js";
export { checkHostileSource, type HostileSubject } from "./hostile/checkHostile.js";
export { describeHostileSources } from "./hostile/describeHostileSources.js";
export { hostileCsv } from "./hostile/hostileCsv.js";
export { hostileJson, recordsOf } from "./hostile/hostileJson.js";
export { hostileTablesAs, type HostileSource, type HostileSources } from "./hostile/HostileSource.js";
export type { HostileCell, HostileTable } from "./hostile/HostileTable.js";
export { hostileTables } from "./hostile/hostileTables.js";
