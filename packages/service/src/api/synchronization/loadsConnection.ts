import type { FastifyRequest } from "fastify";
import type { ServiceContext } from "../../ServiceContext.js";
import type { ConnectionRow, SourceFileRow } from "../../platform/database/tables.js";
import { invalidValue, malformedBody, notFound, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import { fromLongId, isUuid } from "../../platform/ids.js";
import { findIModel, type ShownIModel } from "../imodels/iModelQueries.js";
import type { ConnectionStore } from "./ConnectionStore.js";
import type { ConnectionKind } from "./kinds.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The connection that the path names. The bearer is a member of its iTwin. */
    connection: ConnectionRow;
    /** The source file that the path names. */
    sourceFile: SourceFileRow;
    /** The iModel that a list is of. The bearer is a member of its iTwin. */
    listedIModel: ShownIModel;
  }
}

/** Finds what the path and the query of a request name, before its body is looked at. */
export class Guards {
  public constructor(
    private readonly _context: ServiceContext,
    private readonly _connections: ConnectionStore,
  ) {}

  /** A hook that finds the connection of the path: 422 for an id that is none, 403, 404. */
  public connection({ kind, entity }: ConnectionKind): (request: FastifyRequest) => Promise<void> {
    return async (request) => {
      const ids = fromLongId(paramOf(request, "connectionId"));
      if (ids === undefined) throw refused(request, invalidValue("connectionId"));
      const connection = await this._connections.find(ids.itemId);
      if (connection?.kind !== kind || connection.imodel_id !== ids.ownerId) throw notFound(entity);
      await this._context.access.ensureMember(request.principal, connection.itwin_id);
      request.connection = connection;
    };
  }

  /** A hook that finds the source file of the path, in the connection that was found. */
  public sourceFile({ entity }: ConnectionKind): (request: FastifyRequest) => Promise<void> {
    return async (request) => {
      const id = paramOf(request, "sourceFileId");
      if (!isUuid(id)) throw refused(request, invalidValue("sourceFileId"));
      const found = await this._connections.findSourceFile(request.connection, id);
      if (found === undefined) throw notFound(`${entity}SourceFile`);
      request.sourceFile = found;
    };
  }

  /** A hook that finds the iModel that a list is of. */
  public async imodelOfQuery(request: FastifyRequest): Promise<void> {
    const { imodelId } = request.query as { imodelId?: string };
    if (imodelId === undefined) return; // the validation of the query says so
    if (!isUuid(imodelId)) throw refused(request, invalidValue("imodelId"));
    const found = await findIModel(this._context.db, imodelId);
    if (found === undefined) throw notFound("iModel");
    await this._context.access.ensureMember(request.principal, found.itwin_id);
    request.listedIModel = found;
  }
}

function paramOf(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** An id that is none, and a body that is none: whoever sent both hears of both. */
function refused(request: FastifyRequest, detail: ErrorDetail): Error {
  const { invalidCode = "InvalidRequest" } = request.routeOptions.config;
  return unprocessable(invalidCode, request.isMalformed ? [malformedBody, detail] : [detail]);
}
