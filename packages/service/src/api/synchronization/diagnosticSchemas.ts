import { Type, type Static } from "typebox";
import type { DiagnosticReport } from "itwin-connector-framework";

const query = {
  imodelId: Type.Optional(Type.String({ description: "The iModel, also as iModelId. Required." })),
  runId: Type.Optional(Type.String({ description: "The run. Required." })),
  taskId: Type.Optional(Type.String({ description: "A task of it. Default: all." })),
};

/** The list has no pages. */
export const DiagnosticReportsQuery = Type.Object(query, { additionalProperties: false });

const ReportEntry = Type.Object(
  {
    id: Type.String(),
    imodelId: Type.String(),
    runId: Type.String(),
    taskId: Type.String(),
    sasUri: Type.String({
      description: "The address of the report. It needs no token, and is valid for a limited time.",
    }),
    createdTimeStamp: Type.String({ format: "date-time" }),
  },
  { title: "DiagnosticReportEntry" },
);

export const DiagnosticReportsAnswer = Type.Object({ reports: Type.Array(ReportEntry) });

export const DiagnosticReportParams = Type.Object({ reportId: Type.String() });

export const ReportUrlQuery = Type.Object({
  action: Type.Optional(Type.String()),
  expires: Type.Optional(Type.String()),
  signature: Type.Optional(Type.String()),
});

export const DiagnosticReportAnswer = Type.Unsafe<DiagnosticReport>({
  type: "object",
  title: "DiagnosticReport",
  description: "The issues of a task, as @itwin/synchronization-report-react shows them.",
  additionalProperties: true,
});

export type DiagnosticReportsQuery = Static<typeof DiagnosticReportsQuery>;
export type ReportEntry = Static<typeof ReportEntry>;
