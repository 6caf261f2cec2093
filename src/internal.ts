/**
 * For the packages of this repository only (`itwin-connector-service`, `itwin-connector-viewer` and others, connectors). It can change in any version.
 *
 * @internal
 * @packageDocumentation
 */
export { messageOf, describeLocation } from "./ConnectorError.js";
export { counted, pluralOf } from "./counted.js";
export { BankHubAccess } from "./bank/BankHubAccess.js";
export { IModelBank, type IModelHistory } from "./bank/IModelBank.js";
export { type RecordedChangeset } from "./bank/bankChangesets.js";
export { placeInBank } from "./bank/bankFiles.js";
export { type BankLayout } from "./bank/BankLayout.js";
export { type HistoryGain } from "./bank/bankGains.js";
export { copyCheckpoint } from "./bank/bankHealth.js";
export { findVersion } from "./bank/findVersion.js";
export { type BankIModel, type Checkpoint } from "./bank/bankIModels.js";
export { RunLock } from "./files/RunLock.js";
export { makeWritableFolder } from "./files/makeFolder.js";
export { placeDurably, unfinishedSuffix } from "./files/placeDurably.js";
export { inTemporaryFolder, makeTemporaryFolder, type TemporaryFolder } from "./files/temporaryFolder.js";
export { orUndo } from "./files/undoAtExit.js";
export { importOptionalPackage } from "./files/optionalPackage.js";
export { isDiskFull } from "./files/isDiskFull.js";
export { stampOf, type FileStamp } from "./files/fileStamp.js";
export { readJson } from "./files/readJson.js";
export { briefcasesPath } from "./imodel/BriefcaseFolder.js";
export { callHub, ForwardingHub, type HubOperation } from "./imodel/ForwardingHub.js";
export { type IModelHubPackage, type IModelOnHubArgs } from "./imodel/IModelHubPackage.js";
export { VersionedIModel } from "./imodel/VersionedIModel.js";
export { bringTo, checkOut } from "./imodel/checkpoints.js";
export { startHost, isAlive } from "./imodel/host.js";
export { type QueryRow } from "./imodel/EcsqlRow.js";
export { eachRow, queryIds, queryRows, queryRowsOfIds } from "./imodel/queries.js";
export { readLabel } from "./imodel/elementQueries.js";
export { limitQueryTime, queryOnce, writeVersionZero } from "./imodel/native.js";
export { removeDatabase } from "./imodel/workingCopy.js";
export { withoutQuery } from "./run/fetchSource.js";
export { countRecords } from "./diagnostics/makeDiagnosticReport.js";
export { openForReading, type OpenedIModel } from "./compare/openForReading.js";
export { guardProcess } from "./run/guardProcess.js";
export { JobSubjects } from "./sync/provenance/JobSubjects.js";
export { namePropertyFor } from "./connector/schema/propertyNames.js";
export { isUnitsRow, unitsIn } from "./tables/cells/unitsRow.js";
export { shorten } from "./tables/format/SourceErrors.js";
export { classNameOf } from "./tables/format/TableOptions.js";
export { RecordColumns } from "./tables/records/RecordColumns.js";
export { type RecordPlaces } from "./tables/records/RecordCutter.js";
export { RecordFault, SyntaxFault } from "./tables/records/RecordFault.js";
export { RecordNotes, type RecordNote } from "./tables/records/RecordNotes.js";
export { idNames, isIdName, needsRowNumbers, unusedName } from "./tables/rows/rowNumbers.js";
export {
  explainFault,
  readJsonRecords,
  walkJson,
  type FaultAdvice,
  type JsonReading,
  type JsonRecords,
} from "./tables/records/readJsonRecords.js";
export { type AroundRecords, type Surroundings, type ValueKind } from "./tables/records/Surroundings.js";
