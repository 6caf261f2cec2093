import { ConnectorError } from "../ConnectorError.js";

/** What can be given for a version. */
export type VersionForm = "latest" | "changeset" | "index" | "name";

/** What a version is given by: each text is one of them, whatever versions there are. */
export function formOf(version: string): VersionForm {
  if (version === "latest") return "latest";
  if (/^[0-9a-f]{40}$/i.test(version)) return "changeset";
  return /^\d+$/.test(version) ? "index" : "name";
}

/**
 * Refuses names of versions that stand for something else.
 * @throws ConnectorError `bank/version-name`
 */
export function refuseOtherThanName(name: string): void {
  if (name.trim() !== "" && formOf(name) === "name") return;
  throw new ConnectorError("bank/version-name", `"${name}" cannot be the name of a version.`, {
    advice: 'Choose another one: "latest", numbers and ids of changesets stand for versions already.',
  });
}
