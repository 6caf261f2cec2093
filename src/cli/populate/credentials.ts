import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { readJson } from "../../files/readJson.js";

/** The credentials that a service writes for its owner, or a file of the same form. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
  iTwinId?: string;
}

/** @throws ConnectorError `usage/credentials` */
export async function readCredentials(path: string): Promise<Credentials> {
  try {
    const credentials = (await readJson(path)) as Credentials;
    if (typeof credentials.clientId === "string" && typeof credentials.clientSecret === "string") return credentials;
    throw new Error("clientId or clientSecret is missing");
  } catch (error) {
    throw new ConnectorError("usage/credentials", `The credentials cannot be read: ${messageOf(error)}`, {
      phase: "arguments",
      cause: error,
      source: { file: path },
      advice: 'The file must contain { "clientId": "…", "clientSecret": "…" }.',
    });
  }
}
