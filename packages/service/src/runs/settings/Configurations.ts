import { sql, type Kysely } from "kysely";
import {
  connectionDefaults,
  iModelDefaults,
  iTwinDefaults,
  ownDefaults,
  type Settings,
} from "../../platform/database/columns/Settings.js";
import type { ConnectionRow, Tables } from "../../platform/database/tables.js";

/** What can be configured: an iTwin, an iModel or a connection. It inherits the settings of those that it belongs to. */
export interface ConfigurationScope {
  iTwinId: string;
  /** Of an iModel, and of a connection. */
  iModelId?: string;
  connection?: Pick<ConnectionRow, "id" | "run_options">;
}

/** The configurations of iTwins, iModels and connections. */
export class Configurations {
  public constructor(private readonly _db: Kysely<Tables>) {}

  /** What was set on a scope itself. Undefined where it has no configuration. */
  public async find(scope: ConfigurationScope): Promise<Settings | undefined> {
    const row = await this._db
      .selectFrom("configurations")
      .select("settings")
      .where("scope_id", "=", idOf(scope))
      .executeTakeFirst();
    return row?.settings;
  }

  /** Creates a configuration. @returns whether there was none */
  public async create(scope: ConfigurationScope, settings: Settings): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this._db
      .insertInto("configurations")
      .values({ scope_id: idOf(scope), ...columnOf(scope), settings: JSON.stringify(settings) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** Changes the settings that are given, and keeps the others. @returns all, or undefined where there is no configuration */
  public async update(scope: ConfigurationScope, changes: Settings): Promise<Settings | undefined> {
    const row = await this._db
      .updateTable("configurations")
      .set({ settings: sql<string>`settings || ${JSON.stringify(changes)}::jsonb` })
      .where("scope_id", "=", idOf(scope))
      .returning("settings")
      .executeTakeFirst();
    return row?.settings;
  }

  /** Removes a configuration: the scope inherits again. @returns whether there was one */
  public async delete(scope: ConfigurationScope): Promise<boolean> {
    const { numDeletedRows } = await this._db
      .deleteFrom("configurations")
      .where("scope_id", "=", idOf(scope))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /**
   * What was set for a scope: on the iTwin, then on the iModel, then on the connection, and last in the run options of the
   * connection. The later one counts.
   */
  public async inherited(scope: ConfigurationScope): Promise<Settings> {
    const ids = [scope.iTwinId, scope.iModelId, scope.connection?.id].filter((id) => id !== undefined);
    const rows = await this._db.selectFrom("configurations").selectAll().where("scope_id", "in", ids).execute();
    const found = new Map(rows.map((row) => [row.scope_id, row.settings]));
    const settings = ids.map((id) => found.get(id) ?? {});
    return Object.assign({}, ...settings, scope.connection?.run_options ?? {}) as Settings;
  }
}

/** The effective value of every setting of a scope and of those that it belongs to. */
export function withDefaultsOf({ iModelId, connection }: ConfigurationScope, set: Settings): Settings {
  return {
    ...iTwinDefaults,
    ...(iModelId === undefined ? {} : iModelDefaults),
    ...(connection === undefined ? {} : connectionDefaults),
    ...ownDefaults,
    ...set,
  };
}

function idOf({ iTwinId, iModelId, connection }: ConfigurationScope): string {
  return connection?.id ?? iModelId ?? iTwinId;
}

function columnOf({ iTwinId, iModelId, connection }: ConfigurationScope) {
  if (connection !== undefined) return { connection_id: connection.id };
  return iModelId === undefined ? { itwin_id: iTwinId } : { imodel_id: iModelId };
}
