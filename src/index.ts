/**
 * The open framework for bringing engineering data into iModels: extend {@link ITwinConnector}, run it with
 * {@link ConnectorRunner}, and only what changed in the source is written.
 *
 * @packageDocumentation
 */
export {
  ConnectorError,
  type ConnectorErrorOptions,
  type ErrorRecovery,
  type RunPhase,
  type SourceLocation,
} from "./ConnectorError.js";
export { ConnectorLoggerCategory } from "./ConnectorLoggerCategory.js";
export { compareIModels } from "./compare/compareIModels.js";
export type {
  Differences,
  ElementDescription,
  ElementDifference,
  IModelComparison,
  PropertyDifference,
  RelationshipDescription,
  RelationshipDifference,
  SchemaDifference,
} from "./compare/result.js";
export { ConnectorJobDefArgs } from "./connector/ConnectorJobDefArgs.js";
export { ITwinConnector } from "./connector/ITwinConnector.js";
export type {
  ElementClassDescription,
  LinkClassDescription,
  NavigationDescription,
  PropertyDescription,
  PropertyType,
  SchemaDescription,
  SchemaFile,
} from "./connector/schema/SchemaDescription.js";
export type {
  CategoryDescription,
  CodeSpecDescription,
  DefinitionsDescription,
} from "./connector/stream/JobDefinitions.js";
export type { ModelKind, ModelNames } from "./connector/stream/JobModels.js";
export { hashFile, type SourceDocument } from "./connector/stream/SourceDocument.js";
export type {
  ElementTree,
  EntityContext,
  EntityElement,
  EntityReference,
  EntityRelationship,
  LinkRelationship,
  NavigationRelationship,
  NewElementProps,
  ParentReference,
  SourceEntity,
} from "./connector/stream/SourceEntity.js";
export { StreamConnector } from "./connector/StreamConnector.js";
export type {
  AuditInfo,
  AuditRecord,
  DiagnosticReport,
  FileRecord,
  RecordLevel,
  ReferencedFile,
  ReportContext,
  SourceFilesInfo,
} from "./diagnostics/DiagnosticReport.js";
export { makeDiagnosticReport } from "./diagnostics/makeDiagnosticReport.js";
export type { ReportedFile, ReportedReference, ReportedTask } from "./diagnostics/makeDiagnosticReport.js";
export type { ReportedError, ReportedRun } from "./diagnostics/toRecords.js";
export { ConnectorRunner } from "./run/ConnectorRunner.js";
export type { RunOptions } from "./run/RunOptions.js";
export type { RunProgress } from "./run/RunProgress.js";
export type {
  DocumentCounts,
  ElementCounts,
  ItemCounts,
  PhaseTime,
  RelationshipCounts,
  RunJob,
  RunResult,
} from "./run/RunResult.js";
export { IModelBankArgs, ServerArgs } from "./run/ServerArgs.js";
export type { LockWaitOptions } from "./imodel/BriefcaseTarget.js";
export type { HostOptions } from "./imodel/host.js";
export type { IModelVersionInfo } from "./imodel/IModelTarget.js";
export type { DocumentIdentity } from "./sync/documents/DocumentIdentity.js";
export type { DocumentPlace, FilePlace } from "./sync/documents/DocumentPlace.js";
export type { RecordedDocument } from "./sync/provenance/RecordedDocument.js";
export type { CheckedAttributes, ClassProps, DocumentAttributes } from "./sync/documents/DocumentAttributes.js";
export type { FoundClasses, SchemaContract, SourceClass, SourceProperty } from "./sync/documents/SourceClasses.js";
export type { DocumentProperties } from "./sync/documents/DocumentProperties.js";
export type { DeletionLimit } from "./sync/deletion/DeletionLimit.js";
export type { SynchronizationJob } from "./sync/deletion/OwnershipRules.js";
export type { NotImported } from "./sync/items/NotImportedLedger.js";
export type { NotImportedReport } from "./sync/items/NotImportedReports.js";
export type { RejectedItem } from "./sync/items/RejectedItem.js";
export type {
  IssueLevel,
  ItemChange,
  RunIssue,
  SynchronizationStatistics,
} from "./sync/items/SynchronizationStatistics.js";
export {
  ItemState,
  type ChangeResults,
  type ElementAspects,
  type KnownElement,
  type NewAspectProps,
  type SourceItem,
  type SynchronizationResults,
} from "./sync/items/SourceItem.js";
export { Synchronizer } from "./sync/Synchronizer.js";
export type { SynchronizerOptions } from "./sync/SynchronizerOptions.js";
