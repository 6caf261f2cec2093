import type { FastifyRequest } from "fastify";
import type { ConnectionRow, SourceFileRow } from "../../platform/database/tables.js";
import type { ShownRun } from "../../runs/shownColumns.js";
import { notFound } from "../../platform/errors.js";
import { invalidId, loads, textIn, uuidIn, type RequestHook } from "../../platform/http/loads.js";
import { fromLongId } from "../../platform/ids.js";
import type { ConnectionParts } from "./SynchronizationParts.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The connection that the path names. Only on routes with `loadsConnection`. */
    connection: ConnectionRow;
    /** The source file that the path names. Only on routes with `loadsSourceFile`. */
    sourceFile: SourceFileRow;
    /** The run that the path names. Only on routes with `loadsRun`. */
    run: ShownRun;
  }
}

/** Makes the hook that loads the connection of the path, for members of its iTwin: 422, 404, 403. */
export function loadsConnection({ context: { access }, store, kind }: ConnectionParts): RequestHook {
  return loads("connection", {
    id: (request) => {
      const ids = fromLongId(textIn(request, "params", "connectionId") ?? "");
      if (ids === undefined) throw invalidId(request, "connectionId");
      return ids;
    },
    find: async ({ ownerId, itemId }) => {
      const connection = await store.find(itemId);
      return connection?.kind === kind.kind && connection.imodel_id === ownerId ? connection : undefined;
    },
    missing: () => notFound(kind.entity),
    authorize: ({ itwin_id }, { principal }) => access.ensureMember(principal, itwin_id),
  });
}

/** Makes the hooks that load the connection of the path, and then the source file of it: 422, 404, 403. */
export function loadsSourceFile(parts: ConnectionParts): RequestHook[] {
  const loadSourceFile = loads("sourceFile", {
    id: uuidIn("params", "sourceFileId"),
    find: (id, { connection }) => parts.store.findSourceFile(connection, id),
    missing: () => notFound(`${parts.kind.entity}SourceFile`),
  });
  return [loadsConnection(parts), loadSourceFile];
}

/** Makes the hooks that load the connection of the path, and then the run of it: 422, 404, 403. */
export function loadsRun(parts: ConnectionParts): RequestHook[] {
  const loadRun = loads("run", {
    id: uuidIn("params", "runId"),
    find: (id: string, { connection }: FastifyRequest) => parts.store.findRun(connection, id.toLowerCase()),
    missing: () => notFound(`${parts.kind.entity}Run`),
  });
  return [loadsConnection(parts), loadRun];
}
