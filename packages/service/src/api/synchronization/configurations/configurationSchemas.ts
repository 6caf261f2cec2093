import { Type, type TSchema } from "typebox";
import {
  connectionDefaults,
  iModelDefaults,
  iTwinDefaults,
  type Settings,
} from "../../../platform/database/columns/Settings.js";
import { ConnectionOptions } from "../connectionSchemas.js";

/** The settings of the service itself, which are not the platform's. */
const own = ConnectionOptions.properties;

/** What can be set on an iTwin, on an iModel and on a connection. */
export const settingsOf = {
  iTwin: { ...schemasOf(iTwinDefaults), ...own },
  iModel: { ...schemasOf(iModelDefaults), ...own },
  connection: { ...schemasOf(connectionDefaults), ...own },
};

/** The body of a request that creates or changes a configuration: settings of its scope, and no others. */
export function bodyOf(scope: keyof typeof settingsOf) {
  return Type.Unsafe<Settings>(Type.Object(settingsOf[scope], { additionalProperties: false }));
}

const SettingsOfAll = Type.Unsafe<Settings>(
  Type.Object({ ...settingsOf.iTwin, ...settingsOf.iModel, ...settingsOf.connection }, { title: "Settings" }),
);

export const ConfigurationAnswer = Type.Object({
  configuration: Type.Object(
    { scopeId: Type.String(), settings: SettingsOfAll, resolvedSettings: SettingsOfAll },
    { title: "Configuration" },
  ),
});

function schemasOf(defaults: Readonly<Record<string, boolean | number>>): Record<string, TSchema> {
  const schemas = Object.entries(defaults).map(([name, value]) => [
    name,
    Type.Optional(
      typeof value === "boolean" ? Type.Boolean() : Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    ),
  ]);
  return Object.fromEntries(schemas) as Record<string, TSchema>;
}
