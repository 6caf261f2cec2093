import type { ConnectionRow } from "../../platform/database/tables.js";
import { pageLinksWithin, type Paging } from "../../platform/http/paging.js";
import { toLongId } from "../../platform/ids.js";
import type { Connection, ConnectionsAnswer } from "./connectionSchemas.js";
import { basePath, kindOf } from "./kinds.js";

/** How a connection, a source file or a run is shown: whole, or in a list without much of it. */
export interface Shown {
  origin: string;
  isWhole: boolean;
}

/** What of a connection is in URLs. */
export type NamedConnection = Pick<ConnectionRow, "id" | "kind" | "imodel_id">;

/** The id of a connection as clients know it. */
export function connectionIdOf({ imodel_id: iModelId, id }: Pick<ConnectionRow, "id" | "imodel_id">): string {
  return toLongId(iModelId, id);
}

/** The URL of a connection. */
export function connectionUrl(origin: string, connection: NamedConnection): string {
  return `${origin}${basePath}/${kindOf(connection.kind).segment}/${connectionIdOf(connection)}`;
}

/** The URL of a run. */
export function runUrl(origin: string, connection: NamedConnection, runId: string): string {
  return `${connectionUrl(origin, connection)}/runs/${runId}`;
}

/**
 * The link to the last run of a connection. A client of the platform looks for this part of it in just this case; all
 * other URLs are in lower case.
 */
function lastRunUrl(origin: string, connection: NamedConnection, runId: string): string {
  return runUrl(origin, connection, runId).replace("/storageconnections/", "/storageConnections/");
}

/** A connection, as clients see it. */
export function presentConnection(row: ConnectionRow, { origin, isWhole }: Shown): Connection {
  const displayName = row.display_name ?? kindOf(row.kind).defaultName;
  if (!isWhole) return { id: connectionIdOf(row), displayName };
  const iTwin = { href: `${origin}/itwins/${row.itwin_id}` };
  return {
    id: connectionIdOf(row),
    displayName,
    iModelId: row.imodel_id,
    iTwinId: row.itwin_id,
    authenticationType: row.authentication_type,
    runOptions: row.run_options ?? undefined,
    _links: {
      iModel: { href: `${origin}/imodels/${row.imodel_id}` },
      iTwin,
      project: iTwin, // its earlier name, which older clients read
      lastRun: row.last_run_id === null ? undefined : { href: lastRunUrl(origin, row, row.last_run_id) },
    },
  };
}

/**
 * A page of connections.
 * @param rows - the rows of the page, and one more if there is a next page
 * @param base - the URL of the list
 */
export function presentConnections(
  rows: ConnectionRow[],
  base: string,
  query: Paging & { imodelId: string },
  shown: Shown,
): ConnectionsAnswer {
  return {
    connections: rows.slice(0, query.$top).map((row) => presentConnection(row, shown)),
    _links: pageLinksWithin(base, query, rows.length, { imodelId: query.imodelId }),
  };
}
