import type { Kysely } from "kysely";
import { connectionOptionNames, type ConnectionOptions } from "../../platform/database/columns/ConnectionOptions.js";
import type { Settings } from "../../platform/database/columns/Settings.js";
import type { Tables } from "../../platform/database/tables.js";
import { Configurations } from "./Configurations.js";

/** The settings of a run, for those who follow them. */
export interface RunSettings {
  /** For the framework. */
  runOptions: ConnectionOptions & { clampZExtent?: boolean };
  /** For the connectors. */
  connectorSettings: Settings;
}

/** Settings that the service itself follows, or that change nothing here: a run publishes once anyway. */
const followedHere = ["clampZExtent", "ignoreDgnAttachments", "squashIntermediateRevisions"];

/**
 * What is set for a run of a connection that starts now. Heights are clamped only in an iModel that says where it is: its
 * extent must be set.
 */
export async function settingsOfRun(db: Kysely<Tables>, connectionId: string): Promise<Settings> {
  const connection = await db
    .selectFrom("connections")
    .innerJoin("imodels", "imodels.id", "connections.imodel_id")
    .select(["connections.id", "connections.run_options", "connections.itwin_id", "connections.imodel_id"])
    .select("imodels.extent")
    .where("connections.id", "=", connectionId)
    .executeTakeFirst();
  if (connection === undefined) return {};
  const { itwin_id: iTwinId, imodel_id: iModelId, extent } = connection;
  const { clampZExtent, ...set } = await new Configurations(db).inherited({ iTwinId, iModelId, connection });
  return clampZExtent === true && extent !== null ? { ...set, clampZExtent } : set;
}

/** Divides the settings of a run among those who follow them. */
export function divideSettings(settings: Settings): RunSettings {
  const { clampZExtent } = settings;
  const isOwn = (name: string) => connectionOptionNames.includes(name);
  const pick = (isPicked: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => isPicked(name)));
  return {
    runOptions: { ...pick(isOwn), clampZExtent },
    connectorSettings: pick((name) => !isOwn(name) && !followedHere.includes(name)),
  };
}
