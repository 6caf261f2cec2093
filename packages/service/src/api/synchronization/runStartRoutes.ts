import type { FastifyReply, FastifyRequest } from "fastify";
import type { Transaction } from "kysely";
import type { RunJob } from "../../platform/database/columns/RunState.js";
import type { ConnectionRow, Tables } from "../../platform/database/tables.js";
import { HttpError, unprocessable } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { planJobs } from "../../runs/planRun.js";
import type { NewRun } from "../../runs/RunStore.js";
import { settingsOfRun } from "../../runs/settings/settingsOfRun.js";
import { ConnectionParams } from "./connectionSchemas.js";
import { takeIn } from "./intake/takeIn.js";
import { basePath } from "./kinds.js";
import { loadsConnection } from "./loadsConnection.js";
import { ManifestBody } from "./manifestSchemas.js";
import { mapDocuments } from "./mapDocuments.js";
import { runUrl } from "./presentConnection.js";
import { invalidCodes, modifies, tags } from "./routeConfig.js";
import type { ConnectionParts } from "./SynchronizationParts.js";

/** A manifest may name a hundred thousand files, each by a long URL. */
const maxManifestBytes = 128 * 1024 ** 2;

const common = {
  tags,
  params: ConnectionParams,
  summary: "Starts a run, which goes on in the background; 303 leads to the run that the iModel has already",
  response: { 202: NoContent, 303: NoContent, ...failures(404, 409, 422) },
};

/** Starts the runs of connections of one kind. */
export function runStartRoutes(server: Server, parts: ConnectionParts): void {
  if (parts.kind.kind === "manifest") runManifestConnection(server, parts);
  // The second is what manifest connections call it.
  else for (const operation of ["run", "runs"]) runStorageConnection(server, parts, operation);
}

function runStorageConnection(server: Server, parts: ConnectionParts, operation: string): void {
  const { kind } = parts;
  const schema = { ...common, operationId: `${operation}StorageConnection` };
  const options = { config: modifies(invalidCodes.run(kind)), preValidation: loadsConnection(parts), schema };
  const path = `${basePath}/${kind.segment}/:connectionId/${operation}`;
  server.post(path, options, async (request, reply) =>
    answerStart(parts, request, reply, async (transaction) => ({
      jobs: JSON.stringify(await planStorageJobs(parts, transaction, request.connection)),
      settings: await settingsOfRun(transaction, request.connection.id),
      requestedBy: request.principal.name,
    })),
  );
}

function runManifestConnection(server: Server, parts: ConnectionParts): void {
  const { context, kind, storageSourceFiles } = parts;
  const invalidCode = invalidCodes.run(kind);
  const schema = { ...common, operationId: "runManifestConnection", body: ManifestBody };
  const preValidation = [loadsConnection(parts), emptyBodyForNone];
  const config = { ...modifies(invalidCode), takesLargeBodies: true };
  const options = { config, bodyLimit: maxManifestBytes, preValidation, schema };
  const rules = { connectorTypes: storageSourceFiles.connectorTypes, maxItems: context.config.manifests.maxItems };
  server.post(`${basePath}/${kind.segment}/:connectionId/runs`, options, async (request, reply) =>
    takeIn(request.body as ManifestBody | Buffer, rules, async ({ findings, plan }) => {
      if ("details" in findings) throw unprocessable(invalidCode, findings.details);
      return answerStart(parts, request, reply, async (transaction) => {
        const settings = await settingsOfRun(transaction, request.connection.id);
        const ownIds = await mapDocuments(transaction, request.connection, findings.ids, invalidCode);
        const ignoresAttachments = settings.ignoreDgnAttachments === true;
        return { ...(await plan({ ownIds, ignoresAttachments })), settings, requestedBy: request.principal.name };
      });
    }),
  );
}

/** The body may be left out: such a run has nothing to do. */
async function emptyBodyForNone(request: FastifyRequest): Promise<void> {
  if (!request.isMalformed) request.body ??= {};
}

async function planStorageJobs(
  { store }: ConnectionParts,
  transaction: Transaction<Tables>,
  connection: ConnectionRow,
): Promise<RunJob[]> {
  const files = await store.storageFiles(connection, transaction);
  return planJobs(
    files.map((file) => ({
      connectorType: file.connector_type,
      fileName: file.last_known_file_name ?? undefined,
      storageFileId: file.storage_file_id,
      phase: "MasterFile",
    })),
  );
}

/** 202 for a new run, 303 for the one that the iModel has already, 409 where another request is being handled. */
async function answerStart(
  { runs }: ConnectionParts,
  { connection, origin }: Pick<FastifyRequest, "connection" | "origin">,
  reply: FastifyReply,
  describe: (transaction: Transaction<Tables>) => Promise<NewRun>,
): Promise<FastifyReply> {
  const start = await runs.start(connection, describe);
  if (start.kind === "created")
    return reply
      .code(202)
      .header("location", runUrl(origin, connection, start.runId))
      .send();
  if (start.kind === "active")
    return reply
      .code(303)
      .header("location", runUrl(origin, start.run.connection, start.run.id))
      .send();
  throw new HttpError(
    409,
    "ConflictWithAnotherIModelRequest",
    "This request is already being processed for this iModel.",
  );
}
