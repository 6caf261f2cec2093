import type { FastifyRequest } from "fastify";
import { notFound } from "../../platform/errors.js";
import { readOrder } from "../../platform/http/ordering.js";
import { pageLinksWithin } from "../../platform/http/paging.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { changesetKey } from "../../histories/historyBlobs.js";
import { invalidCode, loadIModel, reads } from "./loadsIModel.js";
import * as schemas from "./iModelSchemas.js";
import { findChangeset, listChangesets, type ShownChangeset } from "./versionQueries.js";

const tags = ["iModels"];

/** The operations on changesets. */
export function addChangesetRoutes(server: Server, context: ServiceContext): void {
  const { db } = context;
  const preValidation = loadIModel(context);

  server.get(
    "/imodels/:iModelId/changesets",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getChangesets",
        summary: "List the changesets of an iModel",
        tags,
        params: schemas.IModelParams,
        querystring: schemas.ChangesetsQuery,
        response: { 200: schemas.ChangesetsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const { $top, $skip, $orderBy, afterIndex, lastIndex } = request.query;
      const { id } = request.iModel;
      const orders = readOrder($orderBy, { index: "index" }, invalidCode);
      const rows = await listChangesets(db, id, request.query, orders);
      const isFull = prefersRepresentation(request);
      const entries = rows
        .slice(0, $top)
        .map(async (row) => (isFull ? toChangeset(context, request, row) : toMinimal(request, row)));
      const filters = { $orderBy, afterIndex: afterIndex?.toString(), lastIndex: lastIndex?.toString() };
      const base = `${request.origin}/imodels/${id}/changesets`;
      return {
        changesets: await Promise.all(entries),
        _links: pageLinksWithin(base, { $top, $skip }, rows.length, filters),
      };
    },
  );

  server.get(
    "/imodels/:iModelId/changesets/:idOrIndex",
    {
      config: reads,
      preValidation,
      schema: {
        operationId: "getChangeset",
        summary: "Get a changeset by its id or its index",
        tags,
        params: schemas.ChangesetParams,
        response: { 200: schemas.ChangesetAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const row = await findChangeset(db, request.iModel.id, request.params.idOrIndex);
      if (row === undefined) throw notFound("Changeset");
      return { changeset: await toChangeset(context, request, row) };
    },
  );
}

function toMinimal({ origin }: FastifyRequest, row: ShownChangeset): schemas.MinimalChangeset {
  return {
    id: row.id,
    displayName: String(row.index),
    description: row.description,
    index: row.index,
    parentId: row.parent_id,
    creatorId: row.pushed_by,
    pushDateTime: row.pushed_at.toISOString(),
    state: "fileUploaded",
    containingChanges: row.changes_type,
    fileSize: row.size,
    briefcaseId: row.briefcase_id,
    groupId: null,
    _links: { self: { href: `${origin}/imodels/${row.imodel_id}/changesets/${row.id}` }, creator: null },
  };
}

async function toChangeset(
  { blobs, config }: ServiceContext,
  request: FastifyRequest,
  row: ShownChangeset,
): Promise<schemas.Changeset> {
  const { imodel_id: iModelId, named_version_id: versionId, run_id: runId } = row;
  const { origin } = request;
  const minimal = toMinimal(request, row);
  const href = await blobs.downloadUrl(changesetKey(iModelId, row), `${row.id}.cs`, origin);
  return {
    ...minimal,
    application: null,
    synchronizationInfo: runId === null ? null : { taskId: runId, changedFiles: null },
    _links: {
      ...minimal._links,
      namedVersion: versionId === null ? null : { href: `${origin}/imodels/${iModelId}/namedversions/${versionId}` },
      currentOrPrecedingCheckpoint: null,
      download: { href, storageType: config.storage.kind },
    },
  };
}
